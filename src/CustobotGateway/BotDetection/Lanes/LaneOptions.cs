namespace CustobotGateway.BotDetection.Lanes;

/// <summary>The lane policy that a gateway starts with: section <c>BotDetection:Lanes</c> of the configuration. What staff set at run time stands above it.</summary>
public sealed record LaneOptions
{
    /// <summary>The lanes, as in the API with names in PascalCase; null for the built-in policy, and then <see cref="Assign"/> is null, too.</summary>
    public IReadOnlyList<Lane>? Lanes { get; init; }

    /// <summary>Which lane a caller gets; null for the built-in policy.</summary>
    public IReadOnlyList<LaneAssignment>? Assign { get; init; }

    /// <summary>The policy; throws where it is not valid.</summary>
    internal LanePolicy ToPolicy()
    {
        if (Lanes is null && Assign is null)
        {
            return LanePolicy.BuiltIn;
        }
        var policy = new LanePolicy { Lanes = Lanes ?? [], Assign = Assign ?? [] };
        return new LanePolicyValidator().Validate(policy) is { IsValid: false } wrong
            ? throw new ArgumentException($"BotDetection:Lanes: {wrong.Errors[0].PropertyName}: {wrong.Errors[0].ErrorMessage}")
            : policy;
    }
}
