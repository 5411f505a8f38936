namespace CustobotGateway.GraphQL.Language;

/// <summary>A place in a document (spec §7.1.2), both from 1; the column counts UTF-16 code units, as editors and the reference implementation do.</summary>
public readonly record struct SourceLocation(int Line, int Column);

/// <summary>A name and where it is written (spec §2.1.9).</summary>
public readonly record struct Name(string Value, SourceLocation Location);
