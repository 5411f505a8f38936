namespace CustobotGateway.AttributeIndex;

/// <summary>What a condition says of a document that has no value in the column.</summary>
public enum UnknownPolicy
{
    /// <summary>It does not match (the default).</summary>
    Exclude,

    /// <summary>It matches, beside those whose value matches.</summary>
    Include,

    /// <summary>Only it matches.</summary>
    Only,
}

/// <summary>A condition on documents: a tree of groups and leaves. Immutable; safe to share between queries.</summary>
public abstract class Filter;

/// <summary>Every part matches; an empty list matches all.</summary>
public sealed class AllOf(params IReadOnlyList<Filter> parts) : Filter
{
    /// <summary>The parts.</summary>
    public IReadOnlyList<Filter> Parts { get; } = parts;
}

/// <summary>At least one part matches; an empty list matches nothing.</summary>
public sealed class AnyOf(params IReadOnlyList<Filter> parts) : Filter
{
    /// <summary>The parts.</summary>
    public IReadOnlyList<Filter> Parts { get; } = parts;
}

/// <summary>The part does not match; so a document without a value matches the negation of any leaf.</summary>
public sealed class Not(Filter part) : Filter
{
    /// <summary>The part.</summary>
    public Filter Part { get; } = part;
}

/// <summary>A condition on one column.</summary>
public abstract class ColumnFilter(int column) : Filter
{
    /// <summary>The column's ordinal.</summary>
    public int Column { get; } = column;

    /// <summary>What is said of documents without a value.</summary>
    public UnknownPolicy Unknown { get; init; }
}

/// <summary>A Number between two bounds, both inclusive; an open side is an infinity, an exclusive one <see cref="double.BitIncrement(double)"/> of it.</summary>
public sealed class NumberRange(int column, double minimum, double maximum) : ColumnFilter(column)
{
    /// <summary>The lowest value that matches.</summary>
    public double Minimum { get; } = minimum;

    /// <summary>The highest value that matches.</summary>
    public double Maximum { get; } = maximum;
}

/// <summary>A Number that is one of these.</summary>
public sealed class NumberIn(int column, params IReadOnlyList<double> values) : ColumnFilter(column)
{
    /// <summary>The values, in any order.</summary>
    public IReadOnlyList<double> Values { get; } = values;
}

/// <summary>A Keyword that is one of these, or a KeywordSet that has at least one of them.</summary>
public sealed class KeywordIn(int column, params IReadOnlyList<string> terms) : ColumnFilter(column)
{
    /// <summary>The terms; one that no document has matches nothing.</summary>
    public IReadOnlyList<string> Terms { get; } = terms;
}

/// <summary>A KeywordSet that has every one of these.</summary>
public sealed class KeywordAll(int column, params IReadOnlyList<string> terms) : ColumnFilter(column)
{
    /// <summary>The terms.</summary>
    public IReadOnlyList<string> Terms { get; } = terms;
}

/// <summary>A Keyword or a term of a KeywordSet, or a Text, that starts so; ordinal, case-sensitive.</summary>
public sealed class KeywordPrefix(int column, string prefix) : ColumnFilter(column)
{
    /// <summary>The first characters.</summary>
    public string Prefix { get; } = prefix;
}

/// <summary>There is a value.</summary>
public sealed class Exists(int column) : ColumnFilter(column);

/// <summary>A Geo at most so far from a point along the great circle (haversine, radius of the earth 6,371 km).</summary>
public sealed class Within(int column, double latitude, double longitude, double radiusMetres) : ColumnFilter(column)
{
    /// <summary>Degrees north.</summary>
    public double Latitude { get; } = latitude;

    /// <summary>Degrees east.</summary>
    public double Longitude { get; } = longitude;

    /// <summary>Metres.</summary>
    public double RadiusMetres { get; } = radiusMetres;
}

/// <summary>The words occur in the full-text columns, in any order.</summary>
public sealed class TextMatch(string text, bool anyWord = false) : Filter
{
    /// <summary>What is asked, as typed; it is split into words and folded like the documents.</summary>
    public string Text { get; } = text;

    /// <summary>Whether one word is enough; else all must occur.</summary>
    public bool AnyWord { get; } = anyWord;
}
