using System.Text.Json.Serialization;

namespace CustobotGateway.Catalog.Import;

/// <summary>An import: what became of each row, while it runs and afterwards.</summary>
public sealed record ImportReport
{
    /// <summary>The id, <c>imp_…</c>.</summary>
    public required string Id { get; init; }

    /// <summary><c>receiving</c>, <c>running</c>, <c>completed</c> or <c>failed</c>. Only a completed import has changed the catalogue, all at once, and none that was a dry run.</summary>
    public required ImportStatus Status { get; init; }

    /// <summary>While it runs: <c>staging</c> (rows are read and checked) or <c>swapping</c> (they become visible in one transaction).</summary>
    public string? Phase { get; init; }

    /// <summary>upsert or replace.</summary>
    public required ImportMode Mode { get; init; }

    /// <summary>Whether it was tried only: rows are read, checked and counted as in an import, and the catalogue stays as it is. Null where it was not.</summary>
    public bool? DryRun { get; init; }

    /// <summary>The mapping's name; null without one.</summary>
    public string? Mapping { get; init; }

    /// <summary>Bytes of the feed as it was sent.</summary>
    public long BytesTotal { get; init; }

    /// <summary>Bytes of it that are read.</summary>
    public long BytesDone { get; init; }

    /// <summary>Rows read: accepted and refused.</summary>
    public long Rows { get; init; }

    /// <summary>Rows that became products: created, changed and unchanged.</summary>
    public long Accepted { get; init; }

    /// <summary>Products that are new.</summary>
    public long Created { get; init; }

    /// <summary>Products whose content differs from before, those that had been withdrawn included.</summary>
    public long Changed { get; init; }

    /// <summary>Products whose content is as before.</summary>
    public long Unchanged { get; init; }

    /// <summary>Products withdrawn by a replacing import, since the feed lacks them.</summary>
    public long Withdrawn { get; init; }

    /// <summary>Counts of products at locations that differ from before, where rows say what lies where.</summary>
    public long StockChanged { get; init; }

    /// <summary>Rows refused.</summary>
    public long Refused { get; init; }

    /// <summary>Refused rows by reason, most first.</summary>
    public IReadOnlyList<ReasonCount> RefusedByReason { get; init; } = [];

    /// <summary>The first refused rows.</summary>
    public IReadOnlyList<Refusal> Refusals { get; init; } = [];

    /// <summary>Values left out of rows that were accepted all the same, counted: members that are no attribute, members a mapping ignores, values it could not read.</summary>
    public IReadOnlyList<LeftOut> LeftOut { get; init; } = [];

    /// <summary>The first values that a mapping could not read.</summary>
    public IReadOnlyList<Refusal> Faults { get; init; } = [];

    /// <summary>How many products of each category in the feed have each attribute.</summary>
    public IReadOnlyList<CategoryCoverage> Coverage { get; init; } = [];

    /// <summary>When it began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended; null while it runs.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>Rows per second from the first row to now, or to the end.</summary>
    public double? Rate { get; init; }

    /// <summary>Why it failed.</summary>
    public ImportFailure? Failure { get; init; }
}

/// <summary>How far an import is.</summary>
public enum ImportStatus
{
    /// <summary>The feed is being received.</summary>
    Receiving,

    /// <summary>Rows are read, and at the end become visible.</summary>
    Running,

    /// <summary>Its rows are the catalogue's.</summary>
    Completed,

    /// <summary>It changed nothing.</summary>
    Failed,
}

/// <summary>A reason and how often it applied.</summary>
/// <param name="Code">Stable, snake_case.</param>
/// <param name="Count">Rows.</param>
public sealed record ReasonCount(string Code, long Count);

/// <summary>A row or value at fault.</summary>
/// <param name="Line">The line, from 1; for XML that of the row's element.</param>
/// <param name="Code">Stable, snake_case.</param>
/// <param name="Detail">What is wrong and what would be right.</param>
/// <param name="Attribute">The attribute at fault; null where it is the row.</param>
/// <param name="File">The file it stands in, where the feed has names for files.</param>
public sealed record Refusal(long Line, string Code, string Detail, string? Attribute = null, string? File = null);

/// <summary>Values left out.</summary>
/// <param name="Member">The member of the feed, or the attribute.</param>
/// <param name="Code"><c>unknown_attribute</c>, <c>unmapped</c>, <c>ignored</c>, or why values could not be read.</param>
/// <param name="Count">Rows.</param>
/// <param name="Detail">The nearest attributes, or the mapping's reason.</param>
public sealed record LeftOut(string Member, string Code, long Count, string? Detail = null);

/// <summary>The attributes of a category in this feed.</summary>
/// <param name="Products">How many of the feed's products it has.</param>
/// <param name="Attributes">The attributes that at least one of them has, most filled first.</param>
/// <param name="Category">The category; null for products without one.</param>
public sealed record CategoryCoverage(long Products, IReadOnlyList<AttributeCoverage> Attributes, [property: JsonPropertyOrder(-1)] string? Category = null);

/// <summary>How often an attribute is there.</summary>
/// <param name="Attribute">The key.</param>
/// <param name="Filled">Products that have it.</param>
public sealed record AttributeCoverage(string Attribute, long Filled);

/// <summary>Why an import failed.</summary>
/// <param name="Code">Stable, snake_case.</param>
/// <param name="Detail">What to do next.</param>
public sealed record ImportFailure(string Code, string Detail);
