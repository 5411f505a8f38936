using System.Globalization;
using System.Text.Json.Nodes;
using CustobotGateway.Identity.People;
using CustobotGateway.OAuth.Details;
using CustobotGateway.OAuth.Mandates;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace CustobotGateway.Tests.Identity.People;

/// <summary>Whatever the form of a consent holds, what comes of it is covered by what was asked.</summary>
public sealed class MandateEditorTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private static readonly DetailType[] Types = [PurchaseMandateType.Create(new AnyWords())];
    private static readonly string[] Categories = ["office", "it", "books", "food"];
    private static readonly string[] Texts =
        ["", " ", "0", "1", "-1", "0.01", "50", "79.99", "80.00", "80.01", "150", "150.00", "400", "1000", "999999999999", "1e9", "nan", "١", "1,50", "10.001", "20", "21", "3", "2027-01-01", "2035-12-31", "2036-01-01", "2001-01-01", "tomorrow", "office", "weapons", "\0"];

    [Fact]
    public void The_editor_only_yields_covered_mandates() =>
        Prop.ForAll(Mandates().ToArbitrary(), Forms().ToArbitrary(), (asked, form) =>
        {
            if (!AuthorizationDetails.Read(asked, Types, Now).TryGet(out var details, out _))
            {
                return true;
            }
            var edited = MandateEditor.Edit(details, form, Types, Now);
            return edited.IsRight ? edited.Details is { } given && details.Covers(given) && given.Elements.Count == details.Elements.Count : edited.Details is null;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3_000));

    [Fact]
    public void An_empty_form_yields_what_was_asked() =>
        Prop.ForAll(Mandates().ToArbitrary(), asked =>
        {
            if (!AuthorizationDetails.Read(asked, Types, Now).TryGet(out var details, out _))
            {
                return true;
            }
            var edited = MandateEditor.Edit(details, new FormCollection([]), Types, Now);
            return edited.IsRight && edited.Details!.Covers(details) && details.Covers(edited.Details);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    private static Gen<string> Mandates() => Gen.Choose(1, 3).SelectMany(count => Gen.ArrayOf(Mandate(), count)).Select(mandates => new JsonArray([.. mandates]).ToJsonString());

    private static Gen<JsonNode?> Mandate()
    {
        var amount = Gen.Elements<long?>(null, 1, 500, 8_000, 15_000, 40_000, 100_000, 1_000_000_000_000);
        return from item in amount
               from order in amount
               from total in amount
               from period in amount
               from above in amount
               from currency in Gen.Elements("EUR", "JPY", "KWD")
               from every in Gen.Elements("P7D", "P1W", "P1M", "P30D")
               from window in Gen.Elements(null, "sliding", "calendar")
               from orders in Gen.Elements<int?>(null, 1, 20)
               from categories in Gen.SubListOf(Categories)
               from hasCategories in Gen.Elements(true, false)
               from until in Gen.Elements(null, "2027-06-30T12:00:00Z", "2035-12-31T23:59:59Z")
               from rule in Gen.Elements(true, false)
               select (JsonNode?)Of(item, order, total, period, above, currency, every, window, orders, hasCategories ? categories : null, until, rule);
    }

    private static JsonObject Of(
        long? item, long? order, long? total, long? period, long? above, string currency, string every, string? window, int? orders, IEnumerable<string>? categories, string? until, bool rule)
    {
        var limits = new JsonObject();
        Add(limits, "per_item", item);
        Add(limits, "per_order", order);
        Add(limits, "total", total);
        if (period is not null)
        {
            var of = new JsonObject { ["amount"] = period, ["every"] = every };
            Add(of, "window", window);
            limits["period"] = of;
        }
        var mandate = new JsonObject { ["type"] = "purchase_mandate", ["actions"] = new JsonArray("purchase", "quote"), ["currency"] = currency, ["limits"] = limits };
        Add(mandate, "max_orders", orders);
        Add(mandate, "approval_above", above);
        Add(mandate, "not_after", until);
        if (categories is not null)
        {
            mandate["categories"] = new JsonArray([.. categories.Select(category => (JsonNode)category)]);
        }
        if (rule)
        {
            mandate["rules"] = JsonNode.Parse("""[{"attribute":"repairability_index","op":"gte","value":7}]""");
        }
        return mandate;
    }

    private static void Add<T>(JsonObject to, string name, T? value)
    {
        if (value is not null)
        {
            to[name] = JsonValue.Create(value);
        }
    }

    // Any of the fields that the page has, in any number, with anything in it.
    private static Gen<IFormCollection> Forms()
    {
        string[] names = [.. Enumerable.Range(0, 4).SelectMany(mandate => MandateField.All.Select(field => field.NameIn(mandate)).Append(MandateEditor.CategoryName(mandate))), "mandate_0_currency", "mandate_0_actions", "mandate_0_limits_period_every", "decision", "request"];
        var number = Gen.Choose(0, 2_000_000).Select(minor => (minor / 100m).ToString(CultureInfo.InvariantCulture));
        var field = from name in Gen.Elements(names)
                    from values in Gen.Choose(0, 3).SelectMany(count => Gen.ArrayOf(Gen.OneOf(Gen.Elements(Texts), number, Gen.Elements(Categories)), count))
                    select (name, values);
        return Gen.Choose(0, 12).SelectMany(count => Gen.ArrayOf(field, count))
            .Select(fields => (IFormCollection)new FormCollection(fields.DistinctBy(one => one.name).ToDictionary(one => one.name, one => new StringValues(one.values))));
    }

    private sealed class AnyWords : IMandateVocabulary
    {
        public bool HasCurrency(string code) => code is "EUR" or "JPY" or "KWD";

        public bool HasCategory(string category) => Categories.Contains(category);

        public bool HasAttribute(string attribute) => true;

        public bool Includes(string category, string productCategory) => false;
    }
}
