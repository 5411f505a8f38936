using System.Text.Json;
using System.Text.RegularExpressions;
using CustobotGateway.Common;
using CustobotGateway.OAuth.Details;

namespace CustobotGateway.Identity.Delegation;

/// <summary>
/// Authorization details of the type <c>purchase_mandate</c> (RFC 9396): what an agent may spend for a person. Amounts are whole minor units of the mandate's
/// currency. Each member says which values ask for less; a member that is not listed here is refused.
/// </summary>
public static partial class PurchaseMandateType
{
    /// <summary>The member that the server adds to each mandate that is granted.</summary>
    public const string MandateId = "mandate_id";

    /// <summary>The type.</summary>
    public static DetailType Type { get; } = new(
        PurchaseMandate.TypeName,
        [
            new AssignedText(MandateId),
            new AllowedSet("actions", required: true, values: [PurchaseMandate.Purchase, PurchaseMandate.Quote]),
            new FixedText("currency", code => Currencies.TryGetDigits(code, out _), "an ISO 4217 code", required: true),
            new DetailGroup("limits",
            [
                new MinorUnitsCeiling("per_item", PurchaseMandateValidator.MaxAmount),
                new MinorUnitsCeiling("per_order", PurchaseMandateValidator.MaxAmount),
                new MinorUnitsCeiling("total", PurchaseMandateValidator.MaxAmount),
                new DetailGroup("period",
                [
                    new MinorUnitsCeiling("amount", PurchaseMandateValidator.MaxAmount, required: true),
                    new FixedText("every", text => Duration().IsMatch(text), "a duration like P7D or P1M", required: true),
                ]),
            ]),
            new CountCeiling("max_orders"),
            new AllowedSet("categories"),
            new RuleSet("rules"),
            new DetailGroup("merchants", [new AllowedSet("allow"), new DeniedSet("deny")]),
            new MinorUnitsCeiling("approval_above", PurchaseMandateValidator.MaxAmount),
            new Beginning("not_before"),
            new Deadline("not_after"),
        ],
        LimitsAreInOrder, TimesAreInOrder, SomethingIsAllowed);

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

    private static string? TimesAreInOrder(JsonElement mandate, DateTimeOffset now)
    {
        var (from, until) = (Time(mandate, "not_before"), Time(mandate, "not_after"));
        return until <= now ? "not_after is over" : until <= from ? "not_after is later than not_before" : null;
    }

    private static string? SomethingIsAllowed(JsonElement mandate, DateTimeOffset now) =>
        mandate.GetProperty("actions").GetArrayLength() == 0 ? "actions names at least one of quote and purchase" : null;

    private static long? Amount(JsonElement limits, string name) => limits.TryGetProperty(name, out var amount) ? amount.GetInt64() : null;

    private static DateTimeOffset? Time(JsonElement mandate, string name) => mandate.TryGetProperty(name, out var value) && Deadline.TryRead(value, out var time) ? time : null;

    [GeneratedRegex(@"^P[1-9][0-9]{0,2}[DWMY]\z", RegexOptions.CultureInvariant)]
    private static partial Regex Duration();
}
