namespace CustobotGateway.AttributeIndex;

/// <summary>How a column keeps its values.</summary>
public enum ColumnKind
{
    /// <summary>A number, exact to 15 significant decimal digits. Dates (seconds), booleans (0, 1) and digit strings are numbers too.</summary>
    Number,

    /// <summary>One term of a dictionary.</summary>
    Keyword,

    /// <summary>Several terms of a dictionary, each at most once.</summary>
    KeywordSet,

    /// <summary>A latitude and a longitude in degrees.</summary>
    Geo,

    /// <summary>Text that is kept as given; searched by word where the column is full-text.</summary>
    Text,
}

/// <summary>One column of the index.</summary>
/// <param name="Name">Unique in the schema.</param>
/// <param name="Kind">How values are kept.</param>
/// <param name="FullText">Whether the words of a Text, Keyword or KeywordSet column are found by <see cref="TextMatch"/>.</param>
/// <param name="Language">BCP 47 language whose stemming applies to its words; none when null.</param>
public sealed record ColumnDefinition(string Name, ColumnKind Kind, bool FullText = false, string? Language = null);

/// <summary>The columns, by ordinal. A later schema may only append columns.</summary>
/// <param name="Columns">In the order of ordinals.</param>
/// <param name="ClusterBy">The Keyword column by which documents are laid out next to each other, or -1. A query that names one of its terms reads only their range.</param>
public sealed record IndexSchema(IReadOnlyList<ColumnDefinition> Columns, int ClusterBy = -1);
