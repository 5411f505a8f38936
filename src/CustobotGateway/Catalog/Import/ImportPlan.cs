using System.Text.Json;

namespace CustobotGateway.Catalog.Import;

/// <summary>What happens to products that the feed does not name.</summary>
public enum ImportMode
{
    /// <summary>They stay as they are.</summary>
    Upsert,

    /// <summary>They are withdrawn.</summary>
    Replace,
}

/// <summary>What an import needs to run, and to run again after a crash; stored with it.</summary>
/// <param name="Parts">The files of the feed, in order: one feed.</param>
/// <param name="Definition">The mapping as it was when the import began; null for rows with members named like attributes.</param>
internal sealed record ImportPlan(IReadOnlyList<FeedPart> Parts, JsonElement? Definition = null);

/// <summary>One file of a feed in the spool.</summary>
/// <param name="File">Its name in the import's spool folder.</param>
/// <param name="Format">How it is written.</param>
/// <param name="Gzip">Whether it is compressed (RFC 1952).</param>
/// <param name="Bytes">Its size in the spool.</param>
/// <param name="Source">The name that the sender gave it, or null.</param>
internal sealed record FeedPart(string File, FeedFormat Format, bool Gzip, long Bytes, string? Source = null);

/// <summary>A feed that cannot be imported at all.</summary>
/// <param name="code">Stable, snake_case.</param>
/// <param name="detail">What is wrong and what would be right.</param>
internal sealed class FeedException(string code, string detail) : Exception(detail)
{
    public string Code { get; } = code;
}
