using CustobotGateway.Common;

namespace CustobotGateway.Catalog;

/// <summary>The refusals of the attribute registry.</summary>
public static class AttributeProblems
{
    /// <summary>There is no such attribute.</summary>
    public static readonly ProblemType NotFound = new("attribute_not_found", 404, "There is no such attribute",
        "No attribute of that key is registered here. The detail names the nearest ones; GET /v1/attributes lists all.");

    /// <summary>The key is taken by something that values already depend on.</summary>
    public static readonly ProblemType Conflict = new("attribute_conflict", 409, "The attribute is registered otherwise",
        "An attribute of that key exists with another type, unit or search behaviour, on which stored values depend; these never change. Nothing of the request was registered. Use another key.");

    /// <summary>The registry is full.</summary>
    public static readonly ProblemType TooMany = new("too_many_attributes", 422, "The registry would hold too many attributes",
        "A registry holds at most 4096 attributes in all. Nothing of the request was registered.");

    /// <summary>All of them, for the published pages and the guard tests.</summary>
    public static readonly IReadOnlyList<ProblemType> All = [NotFound, Conflict, TooMany];

    internal static Problem NotFoundFor(string key, AttributeRegistry registry)
    {
        var nearest = registry.Nearest(key.Length > AttributeLimits.KeyLength ? key[..AttributeLimits.KeyLength] : key);
        return NotFound.With(nearest.Count == 0 ? "No attributes are registered yet." : $"There is no such attribute; the nearest are {string.Join(", ", nearest)}.",
            remedy: new Remedy("List the attributes with GET /v1/attributes.", "/v1/attributes"));
    }
}
