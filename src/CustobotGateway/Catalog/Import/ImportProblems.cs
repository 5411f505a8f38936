using CustobotGateway.Common;

namespace CustobotGateway.Catalog.Import;

/// <summary>The refusals of imports and mappings.</summary>
public static class ImportProblems
{
    /// <summary>Another import runs.</summary>
    public static readonly ProblemType InProgress = new("import_in_progress", 409, "Another import is running",
        "One import runs at a time, on however many gateways. The remedy links to the one that runs; try again when it is completed or failed.");

    /// <summary>No such import.</summary>
    public static readonly ProblemType NotFound = new("import_not_found", 404, "There is no such import", "No import has this id. GET /v1/imports lists them.");

    /// <summary>The feed cannot be kept.</summary>
    public static readonly ProblemType Refused = new("feed_refused", 413, "The feed cannot be received",
        "It decompresses to many times its size, or the disk has no room for it; the error's code says which. Nothing was imported.");

    /// <summary>The compressed feed is none.</summary>
    public static readonly ProblemType Malformed = new("malformed_feed", 400, "The feed cannot be read", "The body is not compressed as its Content-Encoding says, or its parts cannot be told apart.");

    /// <summary>No such mapping.</summary>
    public static readonly ProblemType UnknownMapping = new("unknown_mapping", 422, "There is no such mapping", "No mapping of this name is shipped or registered. GET /v1/mappings lists them; PUT /v1/mappings/{name} registers one.");

    /// <summary>A mapping that is none.</summary>
    public static readonly ProblemType InvalidMapping = new("invalid_mapping", 422, "The mapping is not valid", "A rule is not understood; docs/mappings.md and schemas/mapping.schema.json describe the format.");

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<ProblemType> All = [InProgress, NotFound, Refused, Malformed, UnknownMapping, InvalidMapping];
}
