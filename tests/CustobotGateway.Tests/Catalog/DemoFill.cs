using System.Text.Json;
using CustobotGateway.Catalog;

namespace CustobotGateway.Tests.Catalog;

/// <summary>How far the demo shop's attributes are filled.</summary>
public static class DemoFill
{
    private const double Fifth = 0.2;

    /// <summary>The searchable attributes that at least a fifth of some category's products have.</summary>
    public static IReadOnlyList<RegisteredAttribute> WellFilled(IReadOnlyList<JsonElement> rows, IEnumerable<RegisteredAttribute> attributes)
    {
        var categories = rows.GroupBy(row => row.GetProperty("category").GetString()!).ToList();
        return [.. attributes.Where(attribute => attribute is { IsSearchable: true, IsStaffOnly: false }
            && categories.Any(category => category.Count(row => row.TryGetProperty(attribute.Key, out _)) >= category.Count() * Fifth))];
    }
}
