namespace CustobotGateway.Common.Callers;

/// <summary>What of products a caller is shown: not each is shown what belongs to the merchant's staff, nor each the prices.</summary>
/// <param name="Staff">Whether it is shown what only staff sees.</param>
/// <param name="HidesPrices">Whether it is shown no prices.</param>
public readonly record struct Sight(bool Staff, bool HidesPrices = false)
{
    /// <summary>Of the caller of a request, once it is recognised.</summary>
    public static Sight Of(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new(context.Features.Get<AgentPrincipal>() is { IsAdministrator: true }, context.GetCaller() is { PricesVisible: false });
    }

    /// <summary>Of a caller.</summary>
    public static Sight Of(AgentPrincipal agent)
    {
        ArgumentNullException.ThrowIfNull(agent);
        return new(agent.IsAdministrator, agent.Caller is { PricesVisible: false });
    }

    /// <summary>Prices are shown unless something else is said.</summary>
    /// <param name="staff">Whether it is shown what only staff sees.</param>
    public static implicit operator Sight(bool staff) => new(staff);

    /// <summary>Prices are shown unless something else is said.</summary>
    /// <param name="staff">Whether it is shown what only staff sees.</param>
    public static Sight ToSight(bool staff) => new(staff);
}
