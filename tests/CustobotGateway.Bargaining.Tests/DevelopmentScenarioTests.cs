using System.Text.Json;
using CustobotGateway.Bargaining.Arena;

namespace CustobotGateway.Bargaining.Tests;

public sealed class DevelopmentScenarioTests
{
    [DevelopmentFact]
    public void Permitted_and_mutually_acceptable_outcomes_are_those_of_the_reference()
    {
        foreach (var (bout, json) in DevelopmentScenarios.Read(DevelopmentScenarios.File!))
        {
            var reference = json.GetProperty("reference");
            Assert.Equal((bout.Space.Scenario.Id, reference.GetProperty("permitted").GetInt32(), reference.GetProperty("mutually_acceptable").GetInt32()),
                (bout.Space.Scenario.Id, bout.Space.Permitted.Length, bout.Zone.Length));
        }
    }

    [DevelopmentFact]
    public void Nash_points_are_those_of_the_reference()
    {
        foreach (var (bout, json) in DevelopmentScenarios.Read(DevelopmentScenarios.File!).Where(pair => pair.Bout.Zone.Length > 0))
        {
            var nash = bout.Zone.MaxBy(outcome => (bout.Space.Utility(outcome) - bout.Space.Reservation) * (bout.BuyerUtilities[outcome] - bout.BuyerReservation));
            JsonElement expected = json.GetProperty("reference").GetProperty("nash");
            Assert.Equal(expected[0].GetDouble(), bout.Space.Utility(nash), 1e-6);
            Assert.Equal(expected[1].GetDouble(), bout.BuyerUtilities[nash], 1e-6);
        }
    }
}

/// <summary>A test on the development scenarios; without them it has nothing to say.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class DevelopmentFactAttribute : FactAttribute
{
    public DevelopmentFactAttribute()
    {
        if (DevelopmentScenarios.File is null)
        {
            Skip = "needs ../shared/data/negotiation";
        }
    }
}
