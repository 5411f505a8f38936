using System.Text.Json;
using System.Text.RegularExpressions;
using CustobotGateway.OAuth.Details;
using CustobotGateway.OAuth.Jose;

namespace CustobotGateway.OAuth.Mandates;

/// <summary>
/// Authorization details of the type <c>purchase_mandate</c> (RFC 9396): what an agent may spend for a person. Amounts are whole minor units of the mandate's
/// currency. Each member says which values ask for less; a member that is not listed here is refused.
/// </summary>
public static partial class PurchaseMandateType
{
    /// <summary>The member that the server adds to each mandate that is granted.</summary>
    public const string MandateId = "mandate_id";

    /// <summary>The largest amount, in minor units: sums of many such amounts still fit 64 bits.</summary>
    public const long MostAmount = 1_000_000_000_000;

    private static readonly string[] CalendarPeriods = ["P1D", "P1W", "P1M", "P1Y"];

    /// <summary>The type, with the names that may be used in it.</summary>
    public static DetailType Create(IMandateVocabulary vocabulary)
    {
        ArgumentNullException.ThrowIfNull(vocabulary);
        return new DetailType(
            PurchaseMandate.TypeName,
            [
                new AssignedText(MandateId),
                new AllowedSet("actions", required: true, values: [PurchaseMandate.Purchase, PurchaseMandate.Quote]),
                new FixedText("currency", vocabulary.HasCurrency, "an ISO 4217 code", required: true),
                new DetailGroup("limits",
                [
                    new MinorUnitsCeiling("per_item", MostAmount),
                    new MinorUnitsCeiling("per_order", MostAmount),
                    new MinorUnitsCeiling("total", MostAmount),
                    new DetailGroup("period",
                    [
                        new MinorUnitsCeiling("amount", MostAmount, required: true),
                        new FixedText("every", text => Duration().IsMatch(text), "a duration like P7D or P1M", required: true),
                        new DefaultedText("window", [MandatePeriod.Sliding, MandatePeriod.Calendar]),
                    ]),
                ]),
                new CountCeiling("max_orders"),
                new AllowedSet("categories"),
                new RuleSet("rules"),
                new DetailGroup("merchants", [new AllowedSet("allow", emptyMeansAll: true), new DeniedSet("deny")]),
                new MinorUnitsCeiling("approval_above", MostAmount),
                new Beginning("not_before"),
                new Deadline("not_after"),
            ],
            LimitsAreInOrder, PeriodIsOfCalendar, TimesAreInOrder, SomethingIsAllowed)
        {
            Names = (mandate, _) => UnknownName(mandate, vocabulary),
        };
    }

    private static string? LimitsAreInOrder(JsonElement mandate, DateTimeOffset now)
    {
        if (!mandate.TryGetProperty("limits", out var limits))
        {
            return null;
        }
        var (item, order, total) = (Amount(limits, "per_item"), Amount(limits, "per_order"), Amount(limits, "total"));
        return item > order ? "limits.per_item is at most per_order"
            : order > total || item > total ? "limits.per_order is at most total"
            : null;
    }

    private static string? PeriodIsOfCalendar(JsonElement mandate, DateTimeOffset now) =>
        mandate.TryGetProperty("limits", out var limits) && limits.TryGetProperty("period", out var period)
        && period.Text("window") == MandatePeriod.Calendar && !CalendarPeriods.Contains(period.Text("every"))
            ? $"limits.period.every is one of {string.Join(", ", CalendarPeriods)} where the window is the calendar's"
            : null;

    private static string? TimesAreInOrder(JsonElement mandate, DateTimeOffset now)
    {
        var (from, until) = (Time(mandate, "not_before"), Time(mandate, "not_after"));
        return until <= now ? "not_after is over" : until <= from ? "not_after is later than not_before" : null;
    }

    private static string? SomethingIsAllowed(JsonElement mandate, DateTimeOffset now) =>
        mandate.GetProperty("actions").GetArrayLength() == 0 ? "actions names at least one of quote and purchase" : null;

    private static string? UnknownName(JsonElement mandate, IMandateVocabulary vocabulary)
    {
        if (mandate.TryGetProperty("categories", out var categories)
            && categories.EnumerateArray().FirstOrDefault(category => !vocabulary.HasCategory(category.GetString()!)) is { ValueKind: JsonValueKind.String })
        {
            return "categories names a category that does not exist here";
        }
        return mandate.TryGetProperty("rules", out var rules)
            && rules.EnumerateArray().FirstOrDefault(rule => !vocabulary.HasAttribute(rule.GetProperty("attribute").GetString()!)) is { ValueKind: JsonValueKind.Object }
                ? "rules names an attribute that does not exist here"
                : null;
    }

    private static long? Amount(JsonElement limits, string name) => limits.TryGetProperty(name, out var amount) ? amount.GetInt64() : null;

    private static DateTimeOffset? Time(JsonElement mandate, string name) => mandate.TryGetProperty(name, out var value) && Deadline.TryRead(value, out var time) ? time : null;

    [GeneratedRegex(@"^P[1-9][0-9]{0,2}[DWMY]\z", RegexOptions.CultureInvariant)]
    private static partial Regex Duration();
}
