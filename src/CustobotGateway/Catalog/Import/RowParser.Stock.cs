using System.Text.Json;
using CustobotGateway.Catalog.Inventory;
using CustobotGateway.Catalog.Values;
using CustobotGateway.Common;

namespace CustobotGateway.Catalog.Import;

/// <content>What lies where, where a row says so.</content>
internal sealed partial class RowParser
{
    private readonly Utf8Buffer _stock = new();

    /// <summary>How many a location has.</summary>
    private sealed record Lot(string Location, int OnHand);

    /// <summary>The row's own <c>stock</c>: [{"location","on_hand"}].</summary>
    private void TakeStock(ref Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.String)
        {
            TakeStock(Unescape(ref json));
            return;
        }
        try
        {
            if (JsonSerializer.Deserialize<IReadOnlyList<Lot>>(ref json, Json.Options) is not { Count: > 0 } lots)
            {
                return;
            }
            if (lots.Count > StockLimits.Counts || !lots.All(IsLot))
            {
                throw new JsonException();
            }
            _stock.Clear();
            // Of a location that is named twice the last counts, as in the inventory's own route.
            _stock.Append(JsonSerializer.SerializeToUtf8Bytes(lots.GroupBy(lot => lot.Location).Select(group => group.Last()), Json.Options));
        }
        catch (JsonException)
        {
            Refuse(null, "bad_stock", $"stock is [{{\"location\",\"on_hand\"}}], of locations with 1 to {StockLimits.LocationLength} characters and counts from 0 to {StockLimits.OnHand}.");
            throw;
        }
    }

    /// <summary>The same in a cell.</summary>
    private void TakeStock(ReadOnlySpan<byte> text)
    {
        text = text.Trim(" \t"u8);
        if (text.IsEmpty)
        {
            return;
        }
        if (text[0] != (byte)'[')
        {
            Refuse(null, "bad_stock", "stock is [{\"location\",\"on_hand\"}], in a cell too.");
            return;
        }
        // The cell is in a buffer that reading a text may need.
        var json = new Utf8JsonReader(text.ToArray(), new JsonReaderOptions { MaxDepth = MaxDepth });
        json.Read();
        TakeStock(ref json);
    }

    private static bool IsLot(Lot? lot) =>
        lot is { Location.Length: > 0 and <= StockLimits.LocationLength, OnHand: >= 0 and <= StockLimits.OnHand } && !lot.Location.Contains('\0', StringComparison.Ordinal);
}
