using System.Text.Json;
using CustobotGateway.Catalog;
using CustobotGateway.Tests.Common;

namespace CustobotGateway.Tests.Catalog;

/// <summary>What makes a part of the real data buyable: prices, stock, delivery and warranty by external id.</summary>
public sealed class OverlayFilesTests
{
    [Fact]
    public void Overlay_gives_enough_parts_all_that_a_purchase_needs()
    {
        var registered = AttributeFiles.BuiltIn().Select(attribute => attribute.Key).ToHashSet();
        var rows = File.ReadLines(Repository.PathOf("schemas", "overlays", "pc-parts.ndjson")).Select(line => JsonDocument.Parse(line).RootElement).ToList();

        Assert.True(rows.Count >= 50);
        Assert.Equal(rows.Count, rows.Select(row => row.GetProperty("id").GetString()).Distinct().Count());
        Assert.All(rows, row =>
        {
            Assert.All(row.EnumerateObject().Where(member => member.Name is not ("id" or "stock" or "provenance")), member => Assert.Contains(member.Name, registered));
            Assert.All(["price", "delivery_time", "warranty", "return_window", "stock_quantity"], key => Assert.True(row.TryGetProperty(key, out _), key));
            Assert.True(row.GetProperty("price").GetProperty("amount").GetInt64() > row.GetProperty("unit_cost").GetProperty("amount").GetInt64());
            Assert.Equal(row.GetProperty("stock_quantity").GetInt32(), row.GetProperty("stock").EnumerateArray().Sum(lot => lot.GetProperty("on_hand").GetInt32()));
        });
    }
}
