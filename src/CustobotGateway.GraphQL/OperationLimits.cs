using CustobotGateway.GraphQL.Language;

namespace CustobotGateway.GraphQL;

/// <summary>
/// What a request may ask at most. All but the cost and the size are checked on the syntax alone, before validation; the cost after it and before
/// anything is executed; the size of the response while it is made. Fragments count wherever they are spread, so that a short document cannot ask for much.
/// </summary>
public sealed record OperationLimits
{
    internal const int DefaultMaxValidationWork = 500_000;

    /// <summary>Tokens of a document; 10,000 by default, 1,600 fields with an argument each.</summary>
    public int MaxTokens { get; init; } = 10_000;

    /// <summary>Braces, brackets and parentheses open at once; 100 by default.</summary>
    public int MaxNesting { get; init; } = 100;

    /// <summary>Fields below one another; 15 by default. Introspection is counted apart.</summary>
    public int MaxDepth { get; init; } = 15;

    /// <summary>Fields of introspection below one another; 20 by default, tools ask 15.</summary>
    public int MaxIntrospectionDepth { get; init; } = 20;

    /// <summary>Aliases of an operation; 100 by default.</summary>
    public int MaxAliases { get; init; } = 100;

    /// <summary>Directives of an operation; 100 by default.</summary>
    public int MaxDirectives { get; init; } = 100;

    /// <summary>Fields of an operation; 2,000 by default.</summary>
    public int MaxFields { get; init; } = 2_000;

    /// <summary>Work of validation that grows faster than the document, comparisons in pairs; 500,000 by default, some 30 milliseconds.</summary>
    public int MaxValidationWork { get; init; } = DefaultMaxValidationWork;

    /// <summary>Values in the variables, those in lists and objects included; 10,000 by default.</summary>
    public int MaxVariableValues { get; init; } = 10_000;

    /// <summary>Items that lists within lists can have together, by their declared or asked sizes; 10,000 by default.</summary>
    public double MaxListItems { get; init; } = 10_000;

    /// <summary>The cost of the fields (IBM cost specification, field cost); 10,000 by default.</summary>
    public double MaxFieldCost { get; init; } = 10_000;

    /// <summary>The cost of the objects (IBM cost specification, type cost); 10,000 by default.</summary>
    public double MaxTypeCost { get; init; } = 10_000;

    /// <summary>Bytes of the data that is answered; 16 MiB by default. Found only while it is made, so that the answer is then an error in place of it.</summary>
    public long MaxResponseBytes { get; init; } = 16 << 20;

    internal ParserLimits Parser => new(MaxTokens, MaxNesting);
}
