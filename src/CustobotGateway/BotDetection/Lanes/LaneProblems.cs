using CustobotGateway.Common;

namespace CustobotGateway.BotDetection.Lanes;

/// <summary>The refusals of lanes.</summary>
public static class LaneProblems
{
    /// <summary>The caller's lane has no such tool.</summary>
    public static readonly ProblemType LaneForbids = new("lane_forbids", 403, "The caller's lane does not allow this",
        "Each caller has a lane by what it proves to be, and its lane does not offer this endpoint; reading products goes on. The remedy says what leads into another lane: an access token "
        + "that this gateway's authorization server issues, or a message signature (RFC 9421, profile Web Bot Auth) by a key that the gateway knows: sign @authority and signature-agent "
        + "with created, expires, keyid, nonce and tag=\"web-bot-auth\". A signature that does not verify is worse than none. GET /v1/bot-detection/lane tells a caller its lane.");

    /// <summary>The caller's lane is slower than the caller.</summary>
    public static readonly ProblemType LaneRateExceeded = new("lane_rate_exceeded", 429, "The caller's lane is slower than this",
        "The lane of the caller lets so many requests through in so long: RateLimit-Policy says how many, Retry-After when the next ones are. The remedy says what leads into a faster lane.");

    /// <summary>There is no such rule.</summary>
    public static readonly ProblemType RuleNotFound = new("rule_not_found", 404, "There is no such rule", "GET /v1/bot-detection/rules lists the rules that there are.");

    /// <summary>A rule's lane is not in the policy, or a policy lacks a lane that a rule leads to.</summary>
    public static readonly ProblemType LaneUnknown = new("lane_unknown", 422, "There is no such lane", "GET /v1/bot-detection/lanes tells the lanes. A lane that an enabled rule leads to cannot be taken out of the policy.");

    /// <summary>As many rules as are held.</summary>
    public static readonly ProblemType TooManyRules = new("too_many_rules", 409, "There are too many rules", "A gateway holds at most 200 rules. Delete those that are not used any more.");

    /// <summary>As many labelled rows as are kept.</summary>
    public static readonly ProblemType TooManyRows = new("too_many_rows", 409, "There are too many labelled rows", "20,000 labelled rows are kept. DELETE /v1/bot-detection/labelled-rows forgets them.");

    /// <summary>All of them, for the published pages and the guard tests.</summary>
    public static readonly IReadOnlyList<ProblemType> All = [LaneForbids, LaneRateExceeded, RuleNotFound, LaneUnknown, TooManyRules, TooManyRows];
}
