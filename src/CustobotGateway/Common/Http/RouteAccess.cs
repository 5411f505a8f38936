namespace CustobotGateway.Common.Http;

/// <summary>What a caller lacks for a route.</summary>
public enum Lack
{
    /// <summary>Nothing: the call goes on.</summary>
    Nothing,

    /// <summary>A token.</summary>
    Token,

    /// <summary>A scope that another token might have.</summary>
    Scope,

    /// <summary>A role; no scope would help.</summary>
    Role,
}

/// <summary>Who may call a route. Every route says so; a guard test finds those that do not.</summary>
/// <param name="AdministratorOnly">Only the administrator, by token or by role.</param>
/// <param name="Scope">A scope that the caller's token must hold, or null.</param>
/// <param name="IsPublicRead">Whether anyone may call unless the gateway is set to demand <paramref name="Scope"/> of readers, too.</param>
/// <param name="Roles">Staff roles of which the caller needs one beside the scope; null where roles do not matter.</param>
public sealed record RouteAccess(bool AdministratorOnly, string? Scope = null, bool IsPublicRead = false, IReadOnlyList<string>? Roles = null)
{
    /// <summary>Other ways in: whoever lacks nothing of one of them may call, too. Whoever lacks something of all is told of the first.</summary>
    public IReadOnlyList<RouteAccess> Or { get; init; } = [];


    /// <summary>Anyone may call.</summary>
    public static readonly RouteAccess Public = new(false);

    /// <summary>Only the administrator may call.</summary>
    public static readonly RouteAccess Administrator = new(true, Scopes.Staff);

    /// <summary>Anyone may call, unless reads are closed.</summary>
    public static readonly RouteAccess PublicRead = new(false, Scopes.CatalogRead, IsPublicRead: true);

    /// <summary>Whether the route is open to anyone under the gateway's setting.</summary>
    public bool IsOpen(AccessOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Scope is null || (IsPublicRead && options.PublicReads);
    }

    /// <summary>What the caller lacks.</summary>
    public Lack LackOf(AgentPrincipal agent, AccessOptions options)
    {
        ArgumentNullException.ThrowIfNull(agent);
        return agent.IsAdministrator || IsOpen(options) || Or.Any(way => way.LackOf(agent, options) == Lack.Nothing) ? Lack.Nothing
            : agent.ClientId is null ? Lack.Token
            : !agent.Scopes.Contains(Scope!) ? Lack.Scope
            : AdministratorOnly || (Roles is not null && !Roles.Any(agent.Roles.Contains)) ? Lack.Role
            : Lack.Nothing;
    }
}

/// <summary>Says who may call a route.</summary>
public static class RouteAccessExtensions
{
    /// <summary>Only the administrator may call: 401 or 403 with a remedy for anyone else, before the body is read.</summary>
    public static TBuilder RequireAdministrator<TBuilder>(this TBuilder route)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(RouteAccess.Administrator);

    /// <summary>Only callers whose token holds the scope (or the administrator) may call: else 401 or 403.</summary>
    public static TBuilder RequireScope<TBuilder>(this TBuilder route, string scope)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new RouteAccess(false, scope));

    /// <summary>Only staff with one of the roles (or the administrator) may call, by a token with the scope <c>staff</c>.</summary>
    public static TBuilder RequireRole<TBuilder>(this TBuilder route, params string[] roles)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new RouteAccess(false, Scopes.Staff, Roles: roles));

    /// <summary>Anyone may call.</summary>
    public static TBuilder AllowPublic<TBuilder>(this TBuilder route)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(RouteAccess.Public);

    /// <summary>Anyone may call, unless the gateway is set to demand the scope <c>catalog:read</c> of readers (<see cref="AccessOptions.PublicReads"/>).</summary>
    public static TBuilder AllowPublicRead<TBuilder>(this TBuilder route)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(RouteAccess.PublicRead);
}
