using System.Text.Json;
using CustobotGateway.Bargaining.Domain;
using CustobotGateway.Tests.Common;

namespace CustobotGateway.Bargaining.Arena;

/// <summary>Reads scenarios with both sides from a file.</summary>
public static class DevelopmentScenarios
{
    /// <summary>The file, or null where it is absent.</summary>
    public static string? File => SharedData.Find("data/negotiation/scenarios.json");

    public static IReadOnlyList<(Bout Bout, JsonElement Json)> Read(string file)
    {
        using var document = JsonDocument.Parse(System.IO.File.ReadAllText(file));
        return [.. document.RootElement.EnumerateArray().Select(json => (BoutOf(json), json.Clone()))];
    }

    private static Bout BoutOf(JsonElement json)
    {
        var scenario = ScenarioReader.Read(json, out var fault) ?? throw new InvalidDataException(fault);
        var buyer = json.GetProperty("buyer");
        var utilities = UtilitiesOf(new OutcomeSpace(scenario.Issues), buyer.GetProperty("utility"));
        return new Bout(scenario, utilities, buyer.GetProperty("reservation").GetProperty("utility").GetDouble(), buyer.TryGetProperty("patience_rounds", out var patience) ? patience.GetInt32() : null);
    }

    private static double[] UtilitiesOf(OutcomeSpace outcomes, JsonElement json) => json.GetProperty("model").GetString() == "additive"
        ? [.. Enumerable.Range(0, outcomes.Count).Select(outcome => outcomes.Issues.Index().Sum(pair =>
        {
            var worth = json.GetProperty("issues").GetProperty(pair.Item.Name);
            return worth.GetProperty("weight").GetDouble() * worth.GetProperty("values").GetProperty(outcomes.Value(outcome, pair.Index).Text).GetDouble();
        }))]
        : new Surplus(
            outcomes, json.GetProperty("value_per_unit").GetInt64(), json.GetProperty("needed_units").GetInt64(), json.GetProperty("extra_unit_value").GetInt64(), json.GetProperty("finance_bps_per_year").GetInt64(),
            json.GetProperty("values").EnumerateObject().ToDictionary(issue => issue.Name, issue => new TermCosts(
                issue.Value.GetProperty("per").GetString() == "unit", issue.Value.GetProperty("values").EnumerateObject().ToDictionary(value => value.Name, value => value.Value.GetInt64()))))
            .Utilities(json.GetProperty("zero").GetInt64(), json.GetProperty("one").GetInt64());
}
