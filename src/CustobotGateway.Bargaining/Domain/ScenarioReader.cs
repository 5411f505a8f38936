using System.Text.Json;

namespace CustobotGateway.Bargaining.Domain;

/// <summary>
/// Reads a scenario's JSON: <c>id</c>, <c>title</c>, <c>currency</c>, <c>issues</c>, <c>protocol</c> and <c>seller</c> with utility, reservation, discount and policy.
/// Everything else in it is not looked at, above all nothing that would be the buyer's.
/// </summary>
public static class ScenarioReader
{
    private const long MaxMoney = 1_000_000_000_000;
    private const long MaxCount = 1_000_000;
    private const long MaxBps = 1_000_000;
    private const long MaxDays = 36_500;
    private const int MaxText = 200;
    private const int MaxForbidden = 1_000;

    /// <summary>The scenario, or null with what is wrong.</summary>
    public static Scenario? Read(JsonElement json, out string fault)
    {
        fault = "";
        try
        {
            return Scenario(json);
        }
        catch (FormatException wrong)
        {
            fault = wrong.Message;
            return null;
        }
    }

    private static Scenario Scenario(JsonElement json)
    {
        var issues = Member(json, "issues") is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() is > 0 and <= OutcomeSpace.MaxIssues
            ? list.EnumerateArray().Select(IssueOf).ToArray()
            : throw new FormatException($"'issues' must list 1 to {OutcomeSpace.MaxIssues} issues.");
        Must(issues.DistinctBy(issue => issue.Name).Count() == issues.Length, "two issues have the same name.");
        Must(OutcomeSpace.CountOf(issues) is not null, $"the issues have more than {OutcomeSpace.MaxOutcomes} outcomes.");
        var protocol = Member(json, "protocol");
        var seller = Member(json, "seller");
        var utility = UtilityOf(Member(seller, "utility"), Member(seller, "reservation"));
        Must(utility is AdditiveUtility || issues.Any(issue => issue is { Name: Issue.UnitPrice, Kind: IssueKind.Integer }), "utility by profit needs the integer issue 'unit_price'.");
        return new Scenario
        {
            Id = Text(json, "id"),
            Title = Text(json, "title", ""),
            Currency = Text(json, "currency", ""),
            Issues = issues,
            Protocol = new Protocol((int)Whole(protocol, "rounds", 1, Protocol.MaxRounds), Text(protocol, "opens") switch
            {
                "buyer" => Party.Buyer,
                "seller" => Party.Seller,
                _ => throw new FormatException("'protocol.opens' must be buyer or seller."),
            }),
            Utility = utility,
            Reservation = Real(Member(seller, "reservation"), "utility", -1e6, 1e6),
            Discount = TryMember(seller, "discount", out _) ? Real(seller, "discount", 0, 1) : 1,
            Policy = TryMember(seller, "policy", out var policy) ? PolicyOf(policy) : new Policy(),
        };
    }

    private static Issue IssueOf(JsonElement json)
    {
        var name = Text(json, "name");
        var kind = Text(json, "kind") switch
        {
            "integer" => IssueKind.Integer,
            "categorical" => IssueKind.Categorical,
            _ => throw new FormatException($"the kind of issue '{name}' must be integer or categorical."),
        };
        var values = Member(json, "values");
        Must(values.ValueKind == JsonValueKind.Array && values.GetArrayLength() is > 0 and <= OutcomeSpace.MaxOutcomes, $"issue '{name}' needs a list of values.");
        var limit = name switch { Issue.Quantity => MaxCount, Issue.PaymentDays => MaxDays, _ => MaxMoney };
        var read = values.EnumerateArray().Select(value => kind == IssueKind.Integer ? IssueValue.Of(Whole(value, name, 0, limit)) : IssueValue.Of(Text(value, name))).ToArray();
        Must(read.DistinctBy(value => value.Text).Count() == read.Length, $"issue '{name}' has a value twice.");
        return new Issue(name, kind, read, TryMember(json, "unit", out _) ? Text(json, "unit") : null);
    }

    private static SellerUtility UtilityOf(JsonElement json, JsonElement reservation)
    {
        switch (Text(json, "model"))
        {
            case "profit":
                var (zero, one) = (Whole(json, "zero", -MaxMoney * MaxCount, MaxMoney * MaxCount), Whole(json, "one", -MaxMoney * MaxCount, MaxMoney * MaxCount));
                Must(one > zero, "'one' must be more than 'zero'.");
                return new ProfitUtility(
                    Whole(json, "unit_cost", 0, MaxMoney),
                    TryMember(json, "costs", out var costs) ? Table(costs, TermCostsOf) : new Dictionary<string, TermCosts>(),
                    TryMember(json, "finance_bps_per_year", out _) ? Whole(json, "finance_bps_per_year", 0, MaxBps) : 0,
                    zero, one, Whole(reservation, "profit", -MaxMoney * MaxCount, MaxMoney * MaxCount));
            case "additive":
                return new AdditiveUtility(Table(Member(json, "issues"), (issue, name) => new IssueWorth(
                    Real(issue, "weight", -1e6, 1e6), Table(Member(issue, "values"), (value, key) => Real(value, key, -1e6, 1e6)))));
            default:
                throw new FormatException("'utility.model' must be profit or additive.");
        }
    }

    private static TermCosts TermCostsOf(JsonElement json, string name) => new(
        Text(json, "per") switch { "unit" => true, "order" => false, _ => throw new FormatException($"'per' of '{name}' must be unit or order.") },
        Table(Member(json, "values"), (value, key) => Whole(value, key, -MaxMoney, MaxMoney)));

    private static Policy PolicyOf(JsonElement json) => new()
    {
        MinUnitPrice = TryMember(json, "min_unit_price", out var floor) ? Whole(floor, "min_unit_price", 0, MaxMoney) : null,
        ListPrice = TryMember(json, "list_price", out var list) ? Whole(list, "list_price", 0, MaxMoney) : null,
        MaxDiscountPercent = TryMember(json, "max_discount_percent", out var discount) ? (decimal)Real(discount, "max_discount_percent", 0, 100) : null,
        MinMarginPercent = TryMember(json, "min_margin_percent", out var margin) ? (decimal)Real(margin, "min_margin_percent", -1_000, 100) : null,
        Available = TryMember(json, "inventory", out var inventory) ? Whole(inventory, "available", 0, MaxMoney) : null,
        Forbidden = TryMember(json, "forbidden", out var forbidden) ? ForbiddenOf(forbidden) : [],
        MaxConcessionPerRound = TryMember(json, "max_concession_per_round", out var concession) ? Real(concession, "max_concession_per_round", 0, 1e6) : null,
    };

    private static IReadOnlyDictionary<string, string>[] ForbiddenOf(JsonElement json)
    {
        Must(json.ValueKind == JsonValueKind.Array && json.GetArrayLength() <= MaxForbidden, "'forbidden' must be a list.");
        return [.. json.EnumerateArray().Select(entry => Table(entry, (value, name) => value.ValueKind == JsonValueKind.String ? Text(value, name) : IssueValue.Of(Whole(value, name, 0, MaxMoney)).Text))];
    }

    private static Dictionary<string, T> Table<T>(JsonElement json, Func<JsonElement, string, T> read)
    {
        Must(json.ValueKind == JsonValueKind.Object, "a table of values must be an object.");
        var table = new Dictionary<string, T>(StringComparer.Ordinal);
        foreach (var member in json.EnumerateObject())
        {
            Must(table.TryAdd(member.Name, read(member.Value, member.Name)), $"'{member.Name}' is there twice.");
        }
        return table;
    }

    private static bool TryMember(JsonElement json, string name, out JsonElement member)
    {
        member = default;
        return json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out member) && member.ValueKind != JsonValueKind.Null;
    }

    private static JsonElement Member(JsonElement json, string name) => TryMember(json, name, out var member) ? member : throw new FormatException($"'{name}' is missing.");

    private static string Text(JsonElement json, string name, string otherwise) => TryMember(json, name, out var member) ? Text(member, name, member.ValueKind) : otherwise;

    private static string Text(JsonElement json, string name) => json.ValueKind == JsonValueKind.Object ? Text(Member(json, name), name, JsonValueKind.String) : Text(json, name, JsonValueKind.String);

    private static string Text(JsonElement json, string name, JsonValueKind kind)
    {
        try
        {
            return json.ValueKind == JsonValueKind.String && kind == JsonValueKind.String && json.GetString() is { Length: <= MaxText } text ? text : throw new FormatException($"'{name}' must be a text of at most {MaxText} characters.");
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, escaped.
            throw new FormatException($"'{name}' is not valid text.");
        }
    }

    private static long Whole(JsonElement json, string name, long from, long to)
    {
        var number = json.ValueKind == JsonValueKind.Object ? Member(json, name) : json;
        return number.ValueKind == JsonValueKind.Number && number.TryGetInt64(out var value) && value >= from && value <= to
            ? value
            : throw new FormatException($"'{name}' must be a whole number from {from} to {to}.");
    }

    private static double Real(JsonElement json, string name, double from, double to)
    {
        var number = json.ValueKind == JsonValueKind.Object ? Member(json, name) : json;
        return number.ValueKind == JsonValueKind.Number && number.TryGetDouble(out var value) && value >= from && value <= to
            ? value
            : throw new FormatException($"'{name}' must be a number from {from} to {to}.");
    }

    private static void Must(bool condition, string fault)
    {
        if (!condition)
        {
            throw new FormatException(fault);
        }
    }
}
