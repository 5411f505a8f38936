using System.Globalization;
using System.Text.Json;
using CustobotGateway.Common.Goods;
using CustobotGateway.Common.Pages;
using CustobotGateway.OAuth.Mandates;

namespace CustobotGateway.Identity.Delegation.Pages;

/// <summary>A mandate as people read it.</summary>
internal static class MandateWords
{
    /// <summary>What the agent may do.</summary>
    public static string Actions(PurchaseMandate mandate) => (mandate.Actions.Contains(PurchaseMandate.Quote), mandate.Actions.Contains(PurchaseMandate.Purchase)) switch
    {
        (true, true) => "Ask for prices and buy for you",
        (false, true) => "Buy for you",
        _ => "Ask for prices for you",
    };

    /// <summary>How often a period begins anew: <c>a week</c>, <c>in any 10 days</c>.</summary>
    public static string Every(string every, bool isCalendar) => (every, isCalendar) switch
    {
        ("P1D", true) => "a day",
        ("P1W", true) => "a week, from Monday",
        ("P1M", true) => "a calendar month",
        ("P1Y", true) => "a calendar year",
        ("P1D", _) => "a day",
        ("P7D" or "P1W", _) => "a week",
        ("P1M", _) => "a month",
        ("P1Y", _) => "a year",
        _ => $"in any {every[1..^1]} {every[^1] switch { 'D' => "days", 'W' => "weeks", 'M' => "months", _ => "years" }}",
    };

    /// <summary>All that the mandate says, a line each.</summary>
    public static IEnumerable<string> Lines(PurchaseMandate mandate, IGoodsWords words, TimeZoneInfo zone)
    {
        var currency = mandate.Currency;
        var limits = mandate.Limits ?? new MandateLimits();
        if (mandate.Categories is { Count: > 0 } categories)
        {
            yield return "Only " + List(categories.Select(words.CategoryTitle));
        }
        if (limits.PerItem is { } item)
        {
            yield return $"At most {Written.Amount(item, currency)} for one item";
        }
        if (limits.PerOrder is { } order)
        {
            yield return $"At most {Written.Amount(order, currency)} for one order";
        }
        if (limits.Period is { } period)
        {
            yield return $"At most {Written.Amount(period.Amount, currency)} {Every(period.Every, period.Window == MandatePeriod.Calendar)}";
        }
        if (limits.Total is { } total)
        {
            yield return $"At most {Written.Amount(total, currency)} altogether";
        }
        if (mandate.MaxOrders is { } orders)
        {
            yield return orders == 1 ? "One order" : $"At most {orders} orders";
        }
        if (mandate.ApprovalAbove is { } above)
        {
            yield return above == 0 ? "Asks you before every order" : $"Asks you before an order above {Written.Amount(above, currency)}";
        }
        foreach (var line in Conditions(mandate, words))
        {
            yield return line;
        }
        if (mandate.NotBefore is { } from)
        {
            yield return "From " + Written.Moment(from, zone) + " on";
        }
        if (mandate.NotAfter is { } until)
        {
            yield return "Until " + Written.Moment(until, zone);
        }
    }

    /// <summary>The conditions on goods and merchants, which a person cannot lower: a line each.</summary>
    public static IEnumerable<string> Conditions(PurchaseMandate mandate, IGoodsWords words)
    {
        foreach (var rule in mandate.Rules ?? [])
        {
            yield return Rule(rule, words);
        }
        if (mandate.Merchants?.Allow is { Count: > 0 } allowed)
        {
            yield return "Only at " + List(allowed);
        }
        if (mandate.Merchants?.Deny is { Count: > 0 } denied)
        {
            yield return "Never at " + List(denied);
        }
    }

    /// <summary>A condition on an attribute.</summary>
    public static string Rule(MandateRule rule, IGoodsWords words)
    {
        var attribute = words.Attribute(rule.Attribute);
        var title = attribute?.Title ?? rule.Attribute;
        var value = rule.Value.ValueKind switch
        {
            JsonValueKind.Array => List(rule.Value.EnumerateArray().Select(Value), "or"),
            _ => Value(rule.Value) + (rule.Value.ValueKind == JsonValueKind.Number && attribute?.Unit is { Length: > 0 } unit and not "1" ? " " + unit : ""),
        };
        return rule.Op switch
        {
            "eq" when rule.Value.ValueKind == JsonValueKind.True => $"Only goods with: {title}",
            "eq" when rule.Value.ValueKind == JsonValueKind.False => $"Only goods without: {title}",
            "ne" when rule.Value.ValueKind == JsonValueKind.True => $"No goods with: {title}",
            "eq" or "in" => $"Only goods of which “{title}” is {value}",
            "ne" or "not_in" => $"No goods of which “{title}” is {value}",
            "gte" => $"Only goods of which “{title}” is at least {value}",
            "gt" => $"Only goods of which “{title}” is above {value}",
            "lte" => $"Only goods of which “{title}” is at most {value}",
            _ => $"Only goods of which “{title}” is below {value}",
        };
    }

    /// <summary>Several things as a sentence has them.</summary>
    public static string List(IEnumerable<string> items, string last = "and")
    {
        string[] all = [.. items];
        return all.Length < 2 ? string.Concat(all) : $"{string.Join(", ", all[..^1])} {last} {all[^1]}";
    }

    private static string Value(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.True => "yes",
        JsonValueKind.False => "no",
        JsonValueKind.Number when value.TryGetDecimal(out var number) => number.ToString(CultureInfo.InvariantCulture),
        _ => value.GetRawText(),
    };
}
