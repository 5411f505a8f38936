using System.Text.Json;

namespace CustobotGateway.Bargaining.Domain;

/// <summary>What came as an offer.</summary>
public enum OfferFault
{
    /// <summary>It is an outcome.</summary>
    None,

    /// <summary>There is none.</summary>
    Absent,

    /// <summary>It is no object with one member for each issue.</summary>
    Malformed,

    /// <summary>A value is not one of the issue's list.</summary>
    OffGrid,
}

/// <summary>An offer as it was read.</summary>
/// <param name="Outcome">The outcome, or null.</param>
/// <param name="Fault">Why there is none.</param>
/// <param name="Issue">The issue that is at fault, or null.</param>
public readonly record struct OfferReading(int? Outcome, OfferFault Fault, string? Issue = null)
{
    /// <summary>No offer.</summary>
    public static OfferReading Absent { get; } = new(null, OfferFault.Absent);

    /// <summary>A good offer.</summary>
    public static OfferReading Of(int outcome) => new(outcome, OfferFault.None);
}

/// <summary>Reads offers strictly: every issue once and nothing else, numbers as numbers, values of the list alone.</summary>
public static class OfferReader
{
    /// <summary>Reads any JSON; it never throws.</summary>
    public static OfferReading Read(OutcomeSpace outcomes, JsonElement json)
    {
        ArgumentNullException.ThrowIfNull(outcomes);
        try
        {
            return Members(outcomes, json);
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, escaped: JSON allows it, text does not.
            return new OfferReading(null, OfferFault.Malformed);
        }
    }

    private static OfferReading Members(OutcomeSpace outcomes, JsonElement json)
    {
        if (json.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined)
        {
            return OfferReading.Absent;
        }
        if (json.ValueKind != JsonValueKind.Object)
        {
            return new OfferReading(null, OfferFault.Malformed);
        }
        Span<int> places = stackalloc int[OutcomeSpace.MaxIssues];
        places.Fill(-1);
        var found = 0;
        foreach (var member in json.EnumerateObject())
        {
            if (IssueOf(outcomes, member) is not (>= 0 and var issue) || places[issue] >= 0)
            {
                return new OfferReading(null, OfferFault.Malformed);
            }
            var place = PlaceOf(outcomes, issue, member.Value);
            if (place < 0)
            {
                return new OfferReading(null, OfferFault.OffGrid, outcomes.Issues[issue].Name);
            }
            places[issue] = place;
            found++;
        }
        return found == outcomes.Issues.Count ? OfferReading.Of(outcomes.OutcomeOf(places)) : new OfferReading(null, OfferFault.Malformed, outcomes.Issues[places.IndexOf(-1)].Name);
    }

    private static int IssueOf(OutcomeSpace outcomes, JsonProperty member)
    {
        for (var i = 0; i < outcomes.Issues.Count; i++)
        {
            if (member.NameEquals(outcomes.Issues[i].Name))
            {
                return i;
            }
        }
        return -1;
    }

    private static int PlaceOf(OutcomeSpace outcomes, int issue, JsonElement value)
    {
        if (outcomes.Issues[issue].Kind == IssueKind.Integer)
        {
            return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? outcomes.PlaceOf(issue, IssueValue.Of(number).Text) : -1;
        }
        if (value.ValueKind != JsonValueKind.String)
        {
            return -1;
        }
        var values = outcomes.Issues[issue].Values;
        for (var i = 0; i < values.Count; i++)
        {
            if (value.ValueEquals(values[i].Text))
            {
                return i;
            }
        }
        return -1;
    }
}
