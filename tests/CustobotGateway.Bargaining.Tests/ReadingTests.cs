using System.Text.Json;
using CustobotGateway.Bargaining.Domain;

namespace CustobotGateway.Bargaining.Tests;

public sealed class ReadingTests
{
    private const string Good = """
        {"id":"s","title":"Lamps","currency":"EUR",
         "issues":[{"name":"unit_price","kind":"integer","unit":"cents","values":[100,200]},{"name":"bundle","kind":"categorical","values":["none","case"]}],
         "protocol":{"name":"alternating-offers","rounds":8,"opens":"buyer"},
         "seller":{"utility":{"model":"profit","unit_cost":90,"costs":{"bundle":{"per":"unit","values":{"none":0,"case":5}}},"finance_bps_per_year":300,"zero":0,"one":110},
                   "reservation":{"profit":5,"utility":0.045},"discount":1.0,"policy":{"min_unit_price":100,"forbidden":[{"bundle":"case","unit_price":100}]}}}
        """;

    public static TheoryData<string, string> Broken => new()
    {
        { "\"rounds\":8", "\"rounds\":0" },
        { "\"rounds\":8", "\"rounds\":1000000" },
        { "\"rounds\":8", "\"rounds\":\"8\"" },
        { "\"opens\":\"buyer\"", "\"opens\":\"nobody\"" },
        { "[100,200]", "[]" },
        { "[100,200]", "[100,100]" },
        { "[100,200]", "[100,2.5]" },
        { "[100,200]", "[100,-1]" },
        { "[100,200]", "[100,99999999999999999999]" },
        { "\"values\":[100,200]", $"\"values\":[{string.Join(',', Enumerable.Range(1, 30_000))}]" },
        { "\"name\":\"bundle\"", "\"name\":\"unit_price\"" },
        { "\"kind\":\"categorical\"", "\"kind\":\"real\"" },
        { "\"model\":\"profit\"", "\"model\":\"magic\"" },
        { "\"one\":110", "\"one\":0" },
        { "\"unit_cost\":90", "\"unit_cost\":1e300" },
        { "\"utility\":0.045", "\"utility\":1e400" },
        { "\"per\":\"unit\"", "\"per\":\"week\"" },
        { "\"min_unit_price\":100", "\"min_unit_price\":\"100\"" },
        { "\"forbidden\":[", "\"forbidden\":[7," },
        { "\"title\":\"Lamps\"", "\"title\":\"\\ud800\"" },
        { "\"seller\":", "\"vendor\":" },
    };

    public static TheoryData<string, OfferFault> Offers => new()
    {
        { """{"unit_price":200,"bundle":"case"}""", OfferFault.None },
        { """{"bundle":"case","unit_price":200}""", OfferFault.None },
        { "null", OfferFault.Absent },
        { "[]", OfferFault.Malformed },
        { "7", OfferFault.Malformed },
        { "\"accept\"", OfferFault.Malformed },
        { "{}", OfferFault.Malformed },
        { """{"unit_price":200}""", OfferFault.Malformed },
        { """{"unit_price":200,"bundle":"case","discount":50}""", OfferFault.Malformed },
        { """{"unit_price":200,"bundle":"case","unit_price":100}""", OfferFault.Malformed },
        { """{"unit_price":150,"bundle":"case"}""", OfferFault.OffGrid },
        { """{"unit_price":-200,"bundle":"case"}""", OfferFault.OffGrid },
        { """{"unit_price":200.0,"bundle":"case"}""", OfferFault.OffGrid },
        { """{"unit_price":2e2,"bundle":"case"}""", OfferFault.OffGrid },
        { """{"unit_price":1e999,"bundle":"case"}""", OfferFault.OffGrid },
        { """{"unit_price":"200","bundle":"case"}""", OfferFault.OffGrid },
        { """{"unit_price":null,"bundle":"case"}""", OfferFault.OffGrid },
        { """{"unit_price":200,"bundle":"Case"}""", OfferFault.OffGrid },
        { """{"unit_price":200,"bundle":"\ud800"}""", OfferFault.Malformed },
        { """{"unit_price":200,"bundle":{"case":true}}""", OfferFault.OffGrid },
    };

    [Fact]
    public void A_scenario_is_read_as_it_stands()
    {
        var scenario = ScenarioReader.Read(JsonElement.Parse(Good), out var fault)!;

        Assert.Equal("", fault);
        Assert.Equal((8, Party.Buyer), (scenario.Protocol.Rounds, scenario.Protocol.Opens));
        var space = new SellerSpace(scenario);
        // 200 with or without the case, and 100 without: it earns 10 and at least 5 are asked.
        Assert.Equal(3, space.Permitted.Length);
        Assert.Equal(110, space.Profit(space.Permitted[0]));
    }

    [Theory]
    [MemberData(nameof(Broken))]
    public void A_scenario_with_anything_wrong_is_refused_with_a_sentence(string part, string instead)
    {
        Assert.Contains(part, Good, StringComparison.Ordinal);

        Assert.Null(ScenarioReader.Read(JsonElement.Parse(Good.Replace(part, instead, StringComparison.Ordinal)), out var fault));
        Assert.NotEqual("", fault);
    }

    [Theory]
    [MemberData(nameof(Offers))]
    public void An_offer_is_every_issue_once_with_a_listed_value_and_nothing_else(string offer, OfferFault fault)
    {
        var outcomes = new OutcomeSpace(ScenarioReader.Read(JsonElement.Parse(Good), out _)!.Issues);

        var reading = OfferReader.Read(outcomes, JsonElement.Parse(offer));

        Assert.Equal(fault, reading.Fault);
        Assert.Equal(fault == OfferFault.None ? outcomes.OutcomeOf([1, 1]) : null, reading.Outcome);
    }
}
