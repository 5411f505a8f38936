using System.Globalization;
using System.Text.Json.Nodes;
using CustobotGateway.OAuth.Details;
using FsCheck;
using FsCheck.Fluent;

namespace CustobotGateway.OAuth.Tests.Details;

public sealed class AuthorizationDetailsTests
{
    [Fact]
    public void Elements_have_one_normal_form()
    {
        var spelled = A.MandateJson.Replace("\"80.00\"", "\"80\"", StringComparison.Ordinal).Replace("[\"office\",\"books\"]", "[\"books\",\"office\",\"books\"]", StringComparison.Ordinal)
            .Replace("2026-12-31T23:59:59Z", "2027-01-01T00:59:59+01:00", StringComparison.Ordinal);

        Assert.Equal(A.Details, Read(spelled).Value);
        Assert.Equal(A.Details, Read(A.Details.ToString()).Value);
    }

    [Theory]
    [InlineData("$.type", "null")]
    [InlineData("$.type", "\"other\"")]
    [InlineData("$.currency", "\"eur\"")]
    [InlineData("$.currency", null)]
    [InlineData("$.not_after", "\"2026-11-22T11:59:59Z\"")]
    [InlineData("$.not_after", "\"tomorrow\"")]
    [InlineData("$.not_after", "\"2026-12-31T23:59:59\"")]
    [InlineData("$.actions", "[\"sell\"]")]
    [InlineData("$.actions", "\"quote\"")]
    [InlineData("$.categories", "[1]")]
    [InlineData("$.max_orders", "0")]
    [InlineData("$.max_orders", "1.5")]
    [InlineData("$.max_orders", "\"5\"")]
    [InlineData("$.approval_above", "60")]
    [InlineData("$.approval_above", "\"0.00\"")]
    [InlineData("$.approval_above", "\"-1\"")]
    [InlineData("$.approval_above", "\"1e3\"")]
    [InlineData("$.approval_above", "\" 1\"")]
    [InlineData("$.approval_above", "\"1\\n\"")]
    [InlineData("$.approval_above", "\"01\"")]
    [InlineData("$.approval_above", "\"1.00001\"")]
    [InlineData("$.approval_above", "\"١\"")]
    [InlineData("$.unknown", "1")]
    [InlineData("$.mandate_id", "\"m-1\"")]
    [InlineData("$.limits", null)]
    [InlineData("$.limits", "{\"total\":\"1\",\"other\":\"1\"}")]
    [InlineData("$.limits", "{\"per_item\":\"1\"}")]
    [InlineData("$.limits", "[]")]
    public void One_wrong_member_is_refused(string path, string? value)
    {
        var array = JsonNode.Parse(A.MandateJson)!.AsArray();
        var member = path[2..];
        array[0]!.AsObject().Remove(member);
        if (value is not null)
        {
            array[0]!.AsObject()[member] = JsonNode.Parse(value);
        }

        Assert.Equal("invalid_authorization_details", Read(array.ToJsonString()).Error?.Code);
    }

    [Fact]
    public void A_refusal_names_the_member() => Assert.Equal(
        "purchase_mandate.limits.total: a decimal number above zero is expected, as a text with at most four decimals.",
        Read(A.MandateJson.Replace("\"250.00\"", "250", StringComparison.Ordinal)).Error?.Description);

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("[1]")]
    [InlineData("[{}]")]
    [InlineData("[{\"type\":\"purchase_mandate\",\"type\":\"purchase_mandate\"}]")]
    public void What_is_no_list_of_known_objects_is_refused(string text) => Assert.Equal("invalid_authorization_details", Read(text).Error?.Code);

    [Fact]
    public void Size_number_and_types_are_bounded()
    {
        var one = A.MandateJson.Trim()[1..^1];

        Assert.Null(Read($"[{one}]").Error);
        Assert.NotNull(Read($"[{string.Join(',', Enumerable.Repeat("""{"type":"purchase_mandate"}""", 11))}]").Error);
        Assert.NotNull(Read($"[{one}{new string(' ', 8_192)}]").Error);
        Assert.NotNull(AuthorizationDetails.Read(A.MandateJson, [], A.Now).Error);
    }

    [Theory]
    [InlineData("per_item", "80.01", false)]
    [InlineData("per_item", "79.99", true)]
    [InlineData("per_item", null, false)]
    [InlineData("period", null, false)]
    public void A_limit_may_fall_and_neither_rise_nor_go(string limit, string? amount, bool covered)
    {
        var asked = JsonNode.Parse(A.MandateJson)!.AsArray();
        var limits = asked[0]!["limits"]!.AsObject();
        limits.Remove(limit);
        if (amount is not null)
        {
            limits[limit] = amount;
        }

        Assert.Equal(covered, A.Details.Covers(Read(asked.ToJsonString()).Value));
    }

    [Theory]
    [InlineData("currency", "\"USD\"", false)]
    [InlineData("categories", "[\"office\"]", true)]
    [InlineData("categories", "[]", true)]
    [InlineData("categories", "[\"office\",\"wine\"]", false)]
    [InlineData("merchants", "{\"allow\":[\"m-1\"],\"deny\":[\"m-2\"]}", true)]
    [InlineData("merchants", "{\"deny\":[\"m-2\"]}", false)]
    [InlineData("merchants", null, false)]
    [InlineData("approval_above", "\"10\"", true)]
    [InlineData("approval_above", null, false)]
    [InlineData("max_orders", "6", false)]
    [InlineData("not_after", "\"2027-01-01T00:00:00Z\"", false)]
    public void Other_members_may_only_narrow(string member, string? value, bool covered)
    {
        var asked = JsonNode.Parse(A.MandateJson)!.AsArray();
        asked[0]!.AsObject().Remove(member);
        if (value is not null)
        {
            asked[0]!.AsObject()[member] = JsonNode.Parse(value);
        }

        Assert.Equal(covered, A.Details.Covers(Read(asked.ToJsonString()).Value));
    }

    [Fact]
    public void Elements_are_covered_one_by_one_and_never_summed()
    {
        var small = A.MandateJson.Trim()[1..^1].Replace("250.00", "150.00", StringComparison.Ordinal);

        Assert.False(Read($"[{small},{small}]").Value.Covers(A.Details));
        Assert.True(A.Details.Covers(Read($"[{small},{small}]").Value));
    }

    [Fact]
    public void What_the_server_gave_stays_with_the_element_that_covers()
    {
        var granted = A.Details.With(0, "mandate_id", "m-1");
        var asked = Read(A.MandateJson.Replace("80.00", "8.00", StringComparison.Ordinal)).Value;

        Assert.True(AuthorizationDetails.TryNarrow(granted, asked, out var narrowed, out _));

        Assert.Equal("m-1", narrowed!.Elements[0].GetProperty("mandate_id").GetString());
        Assert.Equal("8", narrowed.Elements[0].GetProperty("limits").GetProperty("per_item").GetString());
        Assert.True(AuthorizationDetails.TryNarrow(granted, AuthorizationDetails.Read(granted.ToString(), [A.Mandate], A.Now, ofGrant: true).Value, out _, out _));
        Assert.False(AuthorizationDetails.TryNarrow(granted, A.Details.With(0, "mandate_id", "m-2"), out _, out var error));
        Assert.Equal("invalid_authorization_details", error.Code);
        Assert.False(AuthorizationDetails.TryNarrow(null, asked, out _, out _));
        Assert.True(AuthorizationDetails.TryNarrow(null, null, out var none, out _));
        Assert.Null(none);
    }

    [Fact]
    public void To_cover_is_reflexive_transitive_and_antisymmetric()
    {
        var any = Elements().ToArbitrary();
        Prop.ForAll(any, any, any, (a, b, c) =>
            a.Covers(a)
            && (!(a.Covers(b) && b.Covers(c)) || a.Covers(c))
            && (!(a.Covers(b) && b.Covers(a)) || a.Equals(b))).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));
    }

    // Few values for each member, so that many pairs compare.
    private static Gen<AuthorizationDetails> Elements()
    {
        var amount = Gen.Elements<string?>(null, "10", "10.00", "20");
        var texts = Gen.Elements<string[]?>(null, [], ["a"], ["a", "b"], ["b", "a"]);
        return from total in Gen.Elements("10", "20")
               from item in amount
               from period in amount
               from every in Gen.Elements("P1D", "P7D")
               from categories in texts
               from deny in texts
               from orders in Gen.Elements(0, 1, 2)
               from day in Gen.Elements(1, 2)
               select Element(total, item, period, every, categories, deny, orders, day);
    }

    private static AuthorizationDetails Element(string total, string? item, string? period, string every, string[]? categories, string[]? deny, int orders, int day)
    {
        var limits = new JsonObject { ["total"] = total };
        Add(limits, "per_item", item);
        Add(limits, "period", period is null ? null : new JsonObject { ["amount"] = period, ["every"] = every });
        var element = new JsonObject
        {
            ["type"] = "purchase_mandate",
            ["actions"] = new JsonArray("quote"),
            ["currency"] = "EUR",
            ["limits"] = limits,
            ["not_after"] = string.Create(CultureInfo.InvariantCulture, $"2027-01-0{day}T00:00:00Z"),
        };
        Add(element, "categories", Texts(categories));
        Add(element, "merchants", deny is null ? null : new JsonObject { ["deny"] = Texts(deny) });
        Add(element, "max_orders", orders == 0 ? null : JsonValue.Create(orders));
        return Read(new JsonArray(element).ToJsonString()).Value;

        static JsonArray? Texts(string[]? values) => values is null ? null : [.. values.Select(value => JsonValue.Create(value))];

        static void Add(JsonObject target, string name, JsonNode? value)
        {
            if (value is not null)
            {
                target[name] = value;
            }
        }
    }

    private static Checked<AuthorizationDetails> Read(string text) => AuthorizationDetails.Read(text, [A.Mandate], A.Now);
}
