using CustobotGateway.Common.Http;

namespace CustobotGateway.Common;

/// <summary>Who is calling, for whom, and how far to trust it. Filled in by the recognition middleware, read by every module.</summary>
/// <param name="ClientId">The OAuth client or operator, or null for an anonymous caller.</param>
/// <param name="OnBehalfOf">The person or company that delegated, or null.</param>
/// <param name="GrantId">The grant that holds the mandate, or null.</param>
/// <param name="IsAdministrator">Whether the caller proved the administrator's token.</param>
/// <param name="Scopes">What the credentials allow; empty for an anonymous caller.</param>
public sealed record AgentPrincipal(string? ClientId, string? OnBehalfOf, string? GrantId, bool IsAdministrator, IReadOnlyList<string> Scopes)
{
    /// <summary>A caller who showed nothing.</summary>
    public static readonly AgentPrincipal Anonymous = new(null, null, null, false, []);

    /// <summary>The merchant's administrator.</summary>
    public static readonly AgentPrincipal Administrator = new("administrator", null, null, true, []);

    /// <summary>Lets a handler take the caller as a parameter.</summary>
    public static ValueTask<AgentPrincipal?> BindAsync(HttpContext context) => new(context.GetAgent());
}
