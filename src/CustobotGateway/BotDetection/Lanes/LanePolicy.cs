using System.Text.Json.Serialization;
using CustobotGateway.Common.Callers;
using CustobotGateway.Common.RateLimits;

namespace CustobotGateway.BotDetection.Lanes;

/// <summary>What callers of each kind may do, and how fast. No lane shuts a caller out: each reads products, and each may do what leads into a better one.</summary>
public sealed record LanePolicy
{
    /// <summary>The lanes, 1 to 20, each of another name.</summary>
    public required IReadOnlyList<Lane> Lanes { get; init; }

    /// <summary>Which lane a caller gets, 1 to 100: the first whose condition holds. Every class has to get one whatever else is true of the caller.</summary>
    public required IReadOnlyList<LaneAssignment> Assign { get; init; }

    /// <summary>
    /// Where a gateway starts whose configuration says nothing: who behaves is held up by nothing, whatever it is. Only a signature that does not verify leads to a
    /// slow lane, since nobody sends one by mistake and goes on for long.
    /// </summary>
    public static LanePolicy BuiltIn { get; } = new()
    {
        Lanes =
        [
            new Lane { Name = "express" },
            new Lane { Name = "open" },
            new Lane { Name = "standard" },
            new Lane
            {
                Name = "restricted", Reads = new() { Rate = new(60, 60) }, Negotiations = new() { Allowed = false }, Checkout = new() { Allowed = false },
            },
        ],
        Assign =
        [
            new(new() { Signature = SignatureState.Bad }, "restricted"),
            new(new() { Class = CallerClass.VerifiedAgent }, "express"),
            new(new() { Class = CallerClass.Human }, "open"),
            new(new() { Class = CallerClass.DeclaredBot }, "open"),
            new(new() { Class = CallerClass.Automation }, "standard"),
        ],
    };
}

/// <summary>What the callers of a lane may do. A group of endpoints that is left out is allowed at any rate.</summary>
public sealed record Lane
{
    /// <summary>Its name: 1 to 40 characters, lower-case letters, digits, <c>_</c> and <c>-</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Whether its callers are shown prices; default true. Without, products come without them, and searches by price are refused.</summary>
    public bool? Prices { get; init; }

    /// <summary>Reading and searching the catalogue. Never forbidden, and at least one a minute.</summary>
    public LaneGroup? Reads { get; init; }

    /// <summary>Changing the catalogue.</summary>
    public LaneGroup? Catalog { get; init; }

    /// <summary>Bargaining.</summary>
    public LaneGroup? Negotiations { get; init; }

    /// <summary>Checkout and orders.</summary>
    public LaneGroup? Checkout { get; init; }

    /// <summary>The endpoints of the authorization server that clients call. Never forbidden: they lead into a better lane.</summary>
    public LaneGroup? Token { get; init; }

    /// <summary>Registration of clients by themselves. Never forbidden.</summary>
    public LaneGroup? Registration { get; init; }

    /// <summary>The start of the device flow. Never forbidden.</summary>
    public LaneGroup? Device { get; init; }

    /// <summary>Everything else: discovery, health, pages, grants. Never forbidden.</summary>
    public LaneGroup? Other { get; init; }

    /// <summary>What it says of a group; null where it says nothing.</summary>
    internal LaneGroup? Of(RateGroup group) => group switch
    {
        RateGroup.Reads => Reads,
        RateGroup.Catalog => Catalog,
        RateGroup.Negotiations => Negotiations,
        RateGroup.Checkout => Checkout,
        RateGroup.Token => Token,
        RateGroup.Registration => Registration,
        RateGroup.Device => Device,
        _ => Other,
    };
}

/// <summary>What a lane says of one group of endpoints.</summary>
public sealed record LaneGroup
{
    /// <summary>Whether it may be called; default true. What a token has to allow is asked besides.</summary>
    public bool? Allowed { get; init; }

    /// <summary>How often each caller may call it; unlimited when null. Counted by each gateway for itself: by operator, else by client, else by address.</summary>
    public RateLimit? Rate { get; init; }
}

/// <summary>Puts callers into a lane.</summary>
/// <param name="When">Which callers.</param>
/// <param name="Lane">The lane's name.</param>
public sealed record LaneAssignment(CallerCondition When, string Lane);

/// <summary>The policy that is in force.</summary>
/// <param name="Version">Grows with each change; 0 is the configuration's. The ETag is this number in quotes.</param>
/// <param name="Policy">The policy.</param>
/// <param name="ChangedAt">When it was set; null for the configuration's.</param>
/// <param name="ChangedBy">Who set it; null for the configuration's.</param>
public sealed record StandingPolicy(
    long Version, LanePolicy Policy,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] DateTimeOffset? ChangedAt, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? ChangedBy);
