using CustobotGateway.OAuth.Mandates;

namespace CustobotGateway.OAuth.Tests.Mandates;

/// <summary>What a mandate says to an order, to the minor unit.</summary>
public sealed class MandateRulesTests
{
    private static readonly MandateRules Rules = new(Vocabulary.Shop);

    private static MandateDecision Judge(string members, MandatePurchase order, MandateUsage? usage = null, DateTimeOffset? now = null) =>
        Rules.Judge(Vocabulary.Mandate(members), order, usage ?? new MandateUsage(), null, now ?? A.Now);

    [Fact]
    public void A_mandate_without_limits_allows_every_order_in_its_currency() => Assert.Equal(MandateVerdict.Allowed, Judge("", Vocabulary.Order(long.MaxValue)).Verdict);

    // 70 are spent, 30 of them in this period, and 10 are held: 20 remain of 100, and 20 of the period's 60. There were three orders.
    [Theory]
    [InlineData("\"limits\":{\"per_item\":100}", 100, MandateReason.None)]
    [InlineData("\"limits\":{\"per_item\":100}", 101, MandateReason.PerItem)]
    [InlineData("\"limits\":{\"per_order\":100}", 100, MandateReason.None)]
    [InlineData("\"limits\":{\"per_order\":100}", 101, MandateReason.PerOrder)]
    [InlineData("\"limits\":{\"total\":100}", 20, MandateReason.None)]
    [InlineData("\"limits\":{\"total\":100}", 21, MandateReason.Total)]
    [InlineData("\"limits\":{\"period\":{\"amount\":60,\"every\":\"P1D\"}}", 20, MandateReason.None)]
    [InlineData("\"limits\":{\"period\":{\"amount\":60,\"every\":\"P1D\"}}", 21, MandateReason.Period)]
    [InlineData("\"max_orders\":4", 1, MandateReason.None)]
    [InlineData("\"max_orders\":3", 1, MandateReason.MaxOrders)]
    [InlineData("\"approval_above\":100", 100, MandateReason.None)]
    [InlineData("\"approval_above\":100", 101, MandateReason.ApprovalAbove)]
    public void Every_limit_holds_to_the_minor_unit(string members, long total, MandateReason reason) =>
        Assert.Equal(reason, Judge(members, Vocabulary.Order(total), new MandateUsage(Spent: 70, Held: 10, SpentInPeriod: 30, Orders: 3)).Reason);

    [Fact]
    public void A_limit_that_was_lowered_below_what_is_spent_allows_nothing_and_does_not_overflow()
    {
        var decision = Judge("\"limits\":{\"total\":100}", Vocabulary.Order(1), new MandateUsage(Spent: long.MaxValue / 2, Held: long.MaxValue / 2));

        Assert.Equal((MandateVerdict.Refused, MandateReason.Total), (decision.Verdict, decision.Reason));
    }

    [Theory]
    [InlineData("[\"it\"]", "{\"category\":\"laptop\"}", true)]
    [InlineData("[\"laptop\"]", "{\"category\":\"laptop\"}", true)]
    [InlineData("[\"office\"]", "{\"category\":\"laptop\"}", false)]
    [InlineData("[]", "{\"category\":\"laptop\"}", false)]
    [InlineData("[\"it\"]", "{}", false)]
    [InlineData("[\"it\"]", "{\"category\":[\"laptop\"]}", false)]
    public void A_product_is_of_a_category_by_name_or_by_what_it_includes(string categories, string attributes, bool allowed) =>
        Assert.Equal(allowed ? MandateReason.None : MandateReason.Category, Judge($"\"categories\":{categories}", Vocabulary.Order(1, attributes)).Reason);

    [Theory]
    [InlineData("repairability_index", "gte", "7", "7.0", true)]
    [InlineData("repairability_index", "gte", "7", "6.9", false)]
    [InlineData("repairability_index", "gt", "7", "7", false)]
    [InlineData("repairability_index", "lte", "7", "7", true)]
    [InlineData("repairability_index", "lt", "7", "7", false)]
    [InlineData("repairability_index", "gte", "7", "{\"value\":8,\"unit\":\"1\"}", true)]
    [InlineData("repairability_index", "gte", "7", "\"8\"", false)]
    [InlineData("repairability_index", "gte", "7", null, false)]
    [InlineData("repairability_index", "gte", "7", "null", false)]
    [InlineData("brand", "eq", "\"Acme\"", "\"Acme\"", true)]
    [InlineData("brand", "eq", "\"Acme\"", "\"acme\"", false)]
    [InlineData("brand", "eq", "\"Acme\"", null, false)]
    [InlineData("brand", "ne", "\"Acme\"", "\"Acme\"", false)]
    [InlineData("brand", "ne", "\"Acme\"", null, true)]
    [InlineData("brand", "in", "[\"Acme\",\"Bolt\"]", "\"Bolt\"", true)]
    [InlineData("brand", "in", "[\"Acme\"]", "\"Bolt\"", false)]
    [InlineData("brand", "not_in", "[\"Acme\"]", "\"Acme\"", false)]
    [InlineData("brand", "not_in", "[\"Acme\"]", null, true)]
    [InlineData("ports", "in", "[\"usb-c\"]", "[\"hdmi\",\"usb-c\"]", true)]
    [InlineData("ports", "not_in", "[\"usb-c\"]", "[\"hdmi\",\"usb-c\"]", false)]
    [InlineData("ports", "eq", "\"usb-c\"", "[]", false)]
    [InlineData("is_refurbished", "eq", "true", "true", true)]
    [InlineData("is_refurbished", "ne", "true", "true", false)]
    [InlineData("is_refurbished", "eq", "true", "\"true\"", false)]
    public void Rules_allow_what_meets_them_and_deny_what_they_name(string attribute, string op, string value, string? has, bool passes)
    {
        var attributes = has is null ? "{\"category\":\"laptop\"}" : $$"""{"category":"laptop","{{attribute}}":{{has}} }""";

        var decision = Judge($$"""
            "rules":[{"attribute":"{{attribute}}","op":"{{op}}","value":{{value}} }]
            """, Vocabulary.Order(1, attributes));

        Assert.Equal(passes ? MandateReason.None : MandateReason.Rule, decision.Reason);
    }

    [Fact]
    public void Every_line_of_an_order_is_judged()
    {
        var order = Vocabulary.Order(1) with { Lines = [.. Vocabulary.Order(1).Lines, new MandateLine("prd_2", 1, A.Json("""{"category":"pen"}"""))] };

        var decision = Judge("\"categories\":[\"it\"]", order);

        Assert.Equal((MandateReason.Category, "prd_2"), (decision.Reason, decision.Subject));
    }

    [Theory]
    [InlineData("{\"allow\":[\"shop.example\"]}", true)]
    [InlineData("{\"allow\":[\"other.example\"]}", false)]
    [InlineData("{\"allow\":[]}", true)]
    [InlineData("{\"deny\":[\"shop.example\"]}", false)]
    [InlineData("{\"deny\":[\"other.example\"]}", true)]
    [InlineData("{\"allow\":[\"shop.example\"],\"deny\":[\"shop.example\"]}", false)]
    public void Merchants_are_allowed_and_denied(string merchants, bool allowed) =>
        Assert.Equal(allowed ? MandateReason.None : MandateReason.Merchant, Judge($"\"merchants\":{merchants}", Vocabulary.Order(1)).Reason);

    [Fact]
    public void Another_currency_is_refused_and_never_converted() => Assert.Equal(MandateReason.Currency, Judge("", Vocabulary.Order(1, currency: "USD")).Reason);

    [Fact]
    public void A_mandate_holds_between_its_times_including_both()
    {
        const string times = "\"not_before\":\"2026-11-23T00:00:00Z\",\"not_after\":\"2026-11-24T00:00:00Z\"";
        var begin = new DateTimeOffset(2026, 11, 23, 0, 0, 0, TimeSpan.Zero);

        Assert.Equal(MandateReason.NotBefore, Judge(times, Vocabulary.Order(1), now: begin.AddTicks(-1)).Reason);
        Assert.Equal(MandateReason.None, Judge(times, Vocabulary.Order(1), now: begin).Reason);
        Assert.Equal(MandateReason.None, Judge(times, Vocabulary.Order(1), now: begin.AddDays(1)).Reason);
        Assert.Equal(MandateReason.NotAfter, Judge(times, Vocabulary.Order(1), now: begin.AddDays(1).AddTicks(1)).Reason);
    }

    [Fact]
    public void A_mandate_to_quote_does_not_buy() => Assert.Equal(MandateReason.Action,
        Rules.Judge(Vocabulary.Mandate() with { Actions = [PurchaseMandate.Quote] }, Vocabulary.Order(1), new MandateUsage(), null, A.Now).Reason);

    [Fact]
    public void What_is_refused_for_its_amount_is_not_asked_of_the_person() =>
        Assert.Equal(MandateVerdict.Refused, Judge("\"approval_above\":10,\"limits\":{\"per_order\":100}", Vocabulary.Order(101)).Verdict);
}
