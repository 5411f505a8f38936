namespace CustobotGateway.Search;

/// <summary>How much one search may ask. Agents write searches by machine: each bound keeps the work of one request small.</summary>
public static class SearchLimits
{
    /// <summary>Bytes of a request body.</summary>
    public const int BodyBytes = 1024 * 1024;

    /// <summary>Constraints in a request, groups included.</summary>
    public const int Constraints = 256;

    /// <summary>Levels of groups.</summary>
    public const int Nesting = 8;

    /// <summary>Operands of one <c>in</c> or <c>all</c>.</summary>
    public const int Values = 1000;

    /// <summary>Operands of all lists of a request together.</summary>
    public const int ValuesInAll = 10_000;

    /// <summary>Characters of one operand.</summary>
    public const int ValueCharacters = 1024;

    /// <summary>Characters of the query.</summary>
    public const int QueryCharacters = 512;

    /// <summary>Words of the query.</summary>
    public const int QueryWords = 32;

    /// <summary>Facets in a request.</summary>
    public const int Facets = 200;

    /// <summary>Values answered for one facet.</summary>
    public const int FacetValues = 10_000;

    /// <summary>Ranges of one facet.</summary>
    public const int FacetRanges = 100;

    /// <summary>Sort keys.</summary>
    public const int SortKeys = 16;

    /// <summary>Selected attributes.</summary>
    public const int Select = 200;

    /// <summary>Products on a page.</summary>
    public const int PageSize = 100;

    /// <summary>Products on a page when nothing is said.</summary>
    public const int DefaultPageSize = 24;

    /// <summary>Hits that can be skipped by number; beyond, cursors go on.</summary>
    public const int Offset = 10_000;

    /// <summary>The largest weight of a wish.</summary>
    public const double Weight = 1_000_000;

    /// <summary>Errors told of one request.</summary>
    public const int Errors = 20;

    /// <summary>Nesting of JSON values that is read at all.</summary>
    public const int JsonDepth = 64;
}
