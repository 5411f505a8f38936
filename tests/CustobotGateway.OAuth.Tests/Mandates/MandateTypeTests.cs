using System.Text;
using System.Text.Json.Nodes;
using CustobotGateway.OAuth.Details;
using CustobotGateway.OAuth.Mandates;
using FsCheck;
using FsCheck.Fluent;

namespace CustobotGateway.OAuth.Tests.Mandates;

/// <summary>What a purchase mandate looks like, and when one asks for no more than another.</summary>
public sealed class MandateTypeTests
{
    private static string Issue => Vocabulary.Form.Replace("\"merchants\":{\"allow\":[],\"deny\":[]},", "", StringComparison.Ordinal);

    [Fact]
    public void The_whole_form_is_read_and_keeps_every_number()
    {
        var mandate = PurchaseMandate.Of(Vocabulary.Read(Vocabulary.Form).Value.Elements[0]);

        Assert.Equal((8_000L, 15_000L, 100_000L), (mandate.Limits!.PerItem, mandate.Limits.PerOrder, mandate.Limits.Total));
        Assert.Equal((40_000L, "P7D", null), (mandate.Limits.Period!.Amount, mandate.Limits.Period.Every, mandate.Limits.Period.Window));
        Assert.Equal((20, 10_000L), (mandate.MaxOrders, mandate.ApprovalAbove));
        Assert.Equal(["it", "office"], mandate.Categories);
        Assert.Equal(("repairability_index", "gte", 7), (mandate.Rules![0].Attribute, mandate.Rules[0].Op, mandate.Rules[0].Value.GetInt32()));
        Assert.Equal(new DateTimeOffset(2026, 12, 31, 23, 59, 59, TimeSpan.Zero), mandate.NotAfter);
        Assert.Null(mandate.Merchants);
    }

    [Fact]
    public void A_sliding_window_is_the_default_and_is_left_out()
    {
        var sliding = Vocabulary.Read(Issue.Replace("\"every\":\"P7D\"", "\"every\":\"P7D\",\"window\":\"sliding\"", StringComparison.Ordinal)).Value;

        Assert.Equal(Vocabulary.Read(Issue).Value, sliding);
        Assert.DoesNotContain("window", sliding.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"per_item\":8000", "\"per_item\":-1")]
    [InlineData("\"per_item\":8000", "\"per_item\":0")]
    [InlineData("\"per_item\":8000", "\"per_item\":80.00")]
    [InlineData("\"per_item\":8000", "\"per_item\":\"80.00\"")]
    [InlineData("\"per_item\":8000", "\"per_item\":8e3")]
    [InlineData("\"per_item\":8000", "\"per_item\":1e400")]
    [InlineData("\"per_item\":8000", "\"per_item\":9223372036854775808")]
    [InlineData("\"per_item\":8000", "\"per_item\":1000000000001")]
    [InlineData("\"per_item\":8000", "\"per_item\":null")]
    [InlineData("\"per_item\":8000", "\"per_item\":15001")]
    [InlineData("\"per_order\":15000", "\"per_order\":100001")]
    [InlineData("\"every\":\"P7D\"", "\"every\":\"P0D\"")]
    [InlineData("\"every\":\"P7D\"", "\"every\":\"PT1H\"")]
    [InlineData("\"every\":\"P7D\"", "\"every\":\"P1000D\"")]
    [InlineData("\"every\":\"P7D\"", "\"every\":7")]
    [InlineData("\"every\":\"P7D\"", "\"every\":\"P7D\",\"window\":\"tumbling\"")]
    [InlineData("\"every\":\"P7D\"", "\"every\":\"P7D\",\"window\":\"calendar\"")]
    [InlineData(",\"every\":\"P7D\"", "")]
    [InlineData("\"amount\":40000,", "")]
    [InlineData("\"max_orders\":20", "\"max_orders\":-20")]
    [InlineData("\"max_orders\":20", "\"max_orders\":99999999999")]
    [InlineData("\"max_orders\":20", "\"max_order\":20")]
    [InlineData("\"it\"]", "\"starships\"]")]
    [InlineData("\"it\"]", "\"it\\u0000\"]")]
    [InlineData("repairability_index", "luck")]
    [InlineData("\"value\":7", "\"value\":\"seven\"")]
    [InlineData("\"op\":\"gte\"", "\"op\":\"almost\"")]
    [InlineData("\"EUR\"", "\"XAU\"")]
    [InlineData("\"not_after\":\"2026-12-31T23:59:59Z\"", "\"not_after\":\"2026-11-22T12:00:00Z\"")]
    [InlineData("\"not_after\":\"2026-12-31T23:59:59Z\"", "\"not_after\":\"2026-12-31\"")]
    [InlineData("\"not_before\":\"2026-11-01T00:00:00Z\"", "\"not_before\":\"2027-11-01T00:00:00Z\"")]
    [InlineData("\"actions\":[\"quote\",\"purchase\"]", "\"actions\":[]")]
    [InlineData("\"actions\":[\"quote\",\"purchase\"]", "\"actions\":[\"resell\"]")]
    [InlineData("\"currency\":\"EUR\"", "\"currency\":\"EUR\",\"currency\":\"EUR\"")]
    [InlineData("\"currency\":\"EUR\"", "\"currency\":\"EUR\",\"mandate_id\":\"mdt_1\"")]
    [InlineData("\"type\":\"purchase_mandate\"", "\"type\":\"blank_cheque\"")]
    public void One_thing_wrong_is_refused(string good, string bad)
    {
        Assert.Contains(good, Issue, StringComparison.Ordinal);

        Assert.Equal("invalid_authorization_details", Vocabulary.Read(Issue.Replace(good, bad, StringComparison.Ordinal)).Error?.Code);
    }

    [Fact]
    public void Deep_nesting_and_size_are_refused()
    {
        var deep = new string('[', 5_000);

        Assert.Equal("invalid_authorization_details", Vocabulary.Read(deep).Error?.Code);
        Assert.Equal("invalid_authorization_details", Vocabulary.Read(Issue.Replace("\"value\":7", $"\"value\":{new string('[', 20)}{new string(']', 20)}", StringComparison.Ordinal)).Error?.Code);
        Assert.Equal("invalid_authorization_details", Vocabulary.Read(Issue + new string(' ', AuthorizationDetails.MostBytes)).Error?.Code);
    }

    [Fact]
    public void Names_that_do_not_exist_are_refused_also_where_a_client_repeats_what_it_was_granted()
    {
        var unrestricted = Vocabulary.Read("""[{"type":"purchase_mandate","actions":["purchase"],"currency":"EUR"}]""").Value.With(0, "mandate_id", "mdt_1");

        var asked = Vocabulary.Read("""[{"type":"purchase_mandate","actions":["purchase"],"currency":"EUR","categories":["starships"]}]""", ofGrant: true);

        Assert.NotNull(asked.Error);
        Assert.Null(Vocabulary.Read(unrestricted.ToString(), ofGrant: true).Error);
        // What is stored is read whatever has become of its names.
        Assert.Null(AuthorizationDetails.FromJson(A.Json("""[{"type":"purchase_mandate","actions":["purchase"],"currency":"EUR","categories":["starships"]}]"""), [Vocabulary.Type], A.Now, ofGrant: true).Error);
    }

    [Theory]
    [InlineData("\"amount\":40000", "\"amount\":39999", true)]
    [InlineData("\"amount\":40000", "\"amount\":40001", false)]
    [InlineData("\"every\":\"P7D\"", "\"every\":\"P1D\"", false)]
    [InlineData("\"period\":{\"amount\":40000,\"every\":\"P7D\"},", "", false)]
    [InlineData("\"total\":100000", "\"total\":100001", false)]
    [InlineData("\"max_orders\":20", "\"max_orders\":21", false)]
    [InlineData("[\"office\",\"it\"]", "[\"it\"]", true)]
    [InlineData("[\"office\",\"it\"]", "[\"it\",\"books\"]", false)]
    [InlineData("\"value\":7", "\"value\":8", true)]
    [InlineData("\"value\":7", "\"value\":6", false)]
    [InlineData("\"approval_above\":10000", "\"approval_above\":10001", false)]
    [InlineData("\"approval_above\":10000,", "", false)]
    [InlineData("[\"quote\",\"purchase\"]", "[\"quote\"]", true)]
    [InlineData("\"currency\":\"EUR\"", "\"currency\":\"USD\"", false)]
    [InlineData("2026-12-31T23:59:59Z", "2027-01-01T00:00:00Z", false)]
    public void Narrower_is_covered_and_wider_is_not(string granted, string asked, bool covers) => Assert.Equal(covers,
        Vocabulary.Read(Issue).Value.Covers(Vocabulary.Read(Issue.Replace(granted, asked, StringComparison.Ordinal)).Value));

    [Fact]
    public void A_mandate_without_a_period_covers_one_with_any_and_not_the_other_way_round()
    {
        var without = Vocabulary.Read(Issue.Replace("\"period\":{\"amount\":40000,\"every\":\"P7D\"},", "", StringComparison.Ordinal)).Value;
        var calendar = Vocabulary.Read(Issue.Replace("\"every\":\"P7D\"", "\"every\":\"P1W\",\"window\":\"calendar\"", StringComparison.Ordinal)).Value;
        var sliding = Vocabulary.Read(Issue.Replace("\"every\":\"P7D\"", "\"every\":\"P1W\"", StringComparison.Ordinal)).Value;

        Assert.True(without.Covers(calendar));
        Assert.False(calendar.Covers(without));
        Assert.False(calendar.Covers(sliding));
        Assert.False(sliding.Covers(calendar));
    }

    [Fact]
    public void To_cover_is_reflexive_transitive_and_antisymmetric()
    {
        var any = Mandates().ToArbitrary();
        Prop.ForAll(any, any, any, (a, b, c) =>
            a.Covers(a)
            && (!(a.Covers(b) && b.Covers(c)) || a.Covers(c))
            && (!(a.Covers(b) && b.Covers(a)) || a.Equals(b))).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));
    }

    [Fact]
    public void What_takes_away_is_covered_by_what_it_was_taken_from()
    {
        // Two mandates of one rank are rarely comparable: narrowing one on purpose shows that the relation is not empty.
        Prop.ForAll(Mandates().ToArbitrary(), Gen.Choose(0, 6).ToArbitrary(), (mandate, which) =>
        {
            var narrowed = Narrow(JsonNode.Parse(mandate.ToString())!.AsArray(), which);
            return mandate.Covers(narrowed) && (narrowed.Equals(mandate) || !narrowed.Covers(mandate));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));
    }

    [Fact]
    public void Two_mandates_are_never_summed_to_cover_a_third()
    {
        Prop.ForAll(Mandates().ToArbitrary(), Mandates().ToArbitrary(), (a, b) =>
        {
            var both = Vocabulary.Read($"[{a.ToString()[1..^1]},{b.ToString()[1..^1]}]").Value;
            return !both.Covers(Wider(a, b)) || a.Covers(Wider(a, b)) || b.Covers(Wider(a, b));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));
        var half = Vocabulary.Read("""[{"type":"purchase_mandate","actions":["purchase"],"currency":"EUR","limits":{"total":100}},{"type":"purchase_mandate","actions":["purchase"],"currency":"EUR","limits":{"total":100}}]""").Value;
        Assert.False(half.Covers(Vocabulary.Read("""[{"type":"purchase_mandate","actions":["purchase"],"currency":"EUR","limits":{"total":101}}]""").Value));
    }

    private static AuthorizationDetails Wider(AuthorizationDetails a, AuthorizationDetails b)
    {
        var sum = JsonNode.Parse(a.ToString())![0]!.AsObject();
        var other = JsonNode.Parse(b.ToString())![0]!.AsObject();
        if (sum["limits"]?["total"] is { } total && other["limits"]?["total"] is { } more)
        {
            sum["limits"]!["total"] = total.GetValue<long>() + more.GetValue<long>();
        }
        return Vocabulary.Read(new JsonArray(sum.DeepClone()).ToJsonString()).Value;
    }

    private static AuthorizationDetails Narrow(JsonArray array, int which)
    {
        var mandate = array[0]!.AsObject();
        var limits = mandate["limits"]?.AsObject() ?? [];
        mandate["limits"] = limits;
        switch (which)
        {
            case 0:
                limits["per_item"] = 1;
                break;
            case 1:
                limits["period"] = limits["period"] is JsonObject period ? With(period, "amount", 1) : new JsonObject { ["amount"] = 1, ["every"] = "P1M", ["window"] = "calendar" };
                break;
            case 2:
                mandate["max_orders"] = 1;
                break;
            case 3:
                mandate["categories"] = new JsonArray();
                break;
            case 4:
                mandate["rules"] = new JsonArray([.. mandate["rules"]?.AsArray().Select(rule => rule!.DeepClone()) ?? [], JsonNode.Parse("""{"attribute":"ports","op":"eq","value":"usb-c"}""")]);
                break;
            case 5:
                mandate["approval_above"] = 1;
                break;
            default:
                mandate["merchants"] = new JsonObject { ["allow"] = new JsonArray(mandate["merchants"]?["allow"]?.AsArray().FirstOrDefault()?.DeepClone() ?? "shop.example"), ["deny"] = new JsonArray([.. mandate["merchants"]?["deny"]?.AsArray().Select(name => name!.DeepClone()) ?? []]) };
                break;
        }
        return Vocabulary.Read(array.ToJsonString()).Value;

        static JsonObject With(JsonObject value, string name, long number)
        {
            var changed = value.DeepClone().AsObject();
            changed[name] = number;
            return changed;
        }
    }

    // Few values for each member, so that many pairs compare.
    private static Gen<AuthorizationDetails> Mandates()
    {
        var rule = Gen.Elements(
            """{"attribute":"repairability_index","op":"gte","value":5}""", """{"attribute":"repairability_index","op":"gte","value":7}""",
            """{"attribute":"brand","op":"not_in","value":["x"]}""", """{"attribute":"brand","op":"not_in","value":["x","y"]}""", """{"attribute":"is_refurbished","op":"ne","value":true}""");
        return from item in Gen.Elements(0, 10, 20)
               from total in Gen.Elements(0, 50, 60)
               from period in Gen.Elements("", """{"amount":30,"every":"P7D"}""", """{"amount":30,"every":"P1W","window":"calendar"}""", """{"amount":40,"every":"P1W","window":"calendar"}""", """{"amount":40,"every":"P7D","window":"sliding"}""")
               from categories in Gen.Elements("", "[]", "[\"office\"]", "[\"it\",\"office\"]")
               from deny in Gen.Elements("", "{\"deny\":[]}", "{\"deny\":[\"m\"]}", "{\"allow\":[\"n\"],\"deny\":[\"m\"]}", "{\"allow\":[\"n\",\"o\"]}")
               from rules in rule.ListOf()
               from orders in Gen.Elements(0, 1, 2)
               from approval in Gen.Elements(0, 5, 6)
               from ends in Gen.Elements("", "2026-12-01T00:00:00Z", "2026-12-02T01:00:00+01:00")
               select Element(item, total, period, categories, deny, rules.Take(3), orders, approval, ends);
    }

    private static AuthorizationDetails Element(
        int item, int total, string period, string categories, string merchants, IEnumerable<string> rules, int orders, int approval, string ends)
    {
        var text = new StringBuilder("""[{"type":"purchase_mandate","actions":["purchase"],"currency":"EUR","limits":{""");
        text.AppendJoin(',', new[] { item > 0 ? $"\"per_item\":{item}" : "", total > 0 ? $"\"total\":{total}" : "", period.Length > 0 ? $"\"period\":{period}" : "" }.Where(part => part.Length > 0)).Append('}');
        Add("categories", categories);
        Add("merchants", merchants);
        Add("rules", $"[{string.Join(',', rules)}]");
        Add("max_orders", orders > 0 ? orders.ToString(System.Globalization.CultureInfo.InvariantCulture) : "");
        Add("approval_above", approval > 0 ? approval.ToString(System.Globalization.CultureInfo.InvariantCulture) : "");
        Add("not_after", ends.Length > 0 ? $"\"{ends}\"" : "");
        return Vocabulary.Read(text.Append("}]").ToString()).Value;

        void Add(string name, string value)
        {
            if (value.Length > 0)
            {
                text.Append(",\"").Append(name).Append("\":").Append(value);
            }
        }
    }
}
