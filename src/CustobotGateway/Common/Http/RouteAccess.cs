namespace CustobotGateway.Common.Http;

/// <summary>Who may call a route. Every route says so; a guard test finds those that do not.</summary>
/// <param name="AdministratorOnly">Only with the administrator's token.</param>
/// <param name="Scope">A scope that the caller's credentials must hold, or null.</param>
public sealed record RouteAccess(bool AdministratorOnly, string? Scope = null)
{
    /// <summary>Anyone may call.</summary>
    public static readonly RouteAccess Public = new(false);

    /// <summary>Only the administrator may call.</summary>
    public static readonly RouteAccess Administrator = new(true);

    /// <summary>The refusal for this caller, or null.</summary>
    internal Problem? Refuse(AgentPrincipal agent)
    {
        if (agent.IsAdministrator || (!AdministratorOnly && Scope is null))
        {
            return null;
        }
        if (AdministratorOnly)
        {
            return agent.ClientId is null
                ? CommonProblems.Unauthorized.With("This operation needs the administrator's token, which the request did not carry or which is not the right one.", remedy: TokenRemedy)
                : CommonProblems.Forbidden.With("This operation needs the administrator's token; the one that was sent belongs to an agent.", remedy: TokenRemedy);
        }
        return agent.ClientId is null
            ? CommonProblems.Unauthorized.With($"This operation needs a token with the scope '{Scope}'.", remedy: new("Send 'Authorization: Bearer <token>' with a token that holds the scope.", "/llms.txt"))
            : agent.Scopes.Contains(Scope!) ? null
            : CommonProblems.Forbidden.With($"The token does not hold the scope '{Scope}'.", remedy: new("Ask for a token that holds the scope.", "/llms.txt"));
    }

    private static readonly Remedy TokenRemedy = new(
        "Send 'Authorization: Bearer <token>' with the administrator's token: --admin-token or GATEWAY_ADMIN_TOKEN of the gateway, else the file admin-token in its data folder.",
        "/llms.txt");
}

/// <summary>Says who may call a route.</summary>
public static class RouteAccessExtensions
{
    /// <summary>Only the administrator may call: 401 with a remedy for anyone else, before the body is read.</summary>
    public static TBuilder RequireAdministrator<TBuilder>(this TBuilder route)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(RouteAccess.Administrator);

    /// <summary>Only callers whose credentials hold the scope (or the administrator) may call: else 401 or 403.</summary>
    public static TBuilder RequireScope<TBuilder>(this TBuilder route, string scope)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new RouteAccess(false, scope));

    /// <summary>Anyone may call.</summary>
    public static TBuilder AllowPublic<TBuilder>(this TBuilder route)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(RouteAccess.Public);
}
