using CustobotGateway.Common;
using CustobotGateway.Common.Callers;
using CustobotGateway.Common.RateLimits;

namespace CustobotGateway.BotDetection.Lanes;

/// <summary>Holds a part of a request to the caller's lane, where one route does what belongs to several groups: a lane that does not buy buys through no door.</summary>
internal sealed class PartAdmission(LanesInForce lanes, LaneRates rates)
{
    /// <summary>What refuses the part; null if nothing. Counts it where the lane has a rate for the group.</summary>
    public Problem? RefusalOf(HttpContext context, RateGroup group)
    {
        if (context.GetCaller() is not { } caller || Admission.IsOfTheHouse(context))
        {
            return null;
        }
        var lane = lanes.Current.Choose(new CallerFacts(caller, group, context.Request)).Lane;
        return !lane.Allows(group) ? Admission.Forbidden(context, caller, lane, group)
            : lane.RateOf(group) is { } rate && rates.Count(context, caller, lane.Name, group, rate) is { IsAcquired: false } over
                ? Admission.Exceeded(context, caller, lane, group, rate, over.ResetSeconds)
            : null;
    }
}
