using CustobotGateway.Common.Callers;
using CustobotGateway.Common.Http;
using CustobotGateway.OAuth.Details;

namespace CustobotGateway.Common;

/// <summary>Who is calling, for whom, and how far to trust it. Filled in by the recognition middleware, read by every module.</summary>
/// <param name="ClientId">The OAuth client or operator, or null for an anonymous caller. Of another issuer's, with the issuer before it.</param>
/// <param name="OnBehalfOf">The person or company that delegated, or null.</param>
/// <param name="GrantId">The grant that holds the mandate, or null.</param>
/// <param name="IsAdministrator">Whether the caller proved the administrator's token, or is staff with that role.</param>
/// <param name="Scopes">What the credentials allow; empty for an anonymous caller.</param>
public sealed record AgentPrincipal(string? ClientId, string? OnBehalfOf, string? GrantId, bool IsAdministrator, IReadOnlyList<string> Scopes)
{
    /// <summary>A caller who showed nothing.</summary>
    public static readonly AgentPrincipal Anonymous = new(null, null, null, false, []);

    /// <summary>The merchant's administrator.</summary>
    public static readonly AgentPrincipal Administrator = new("administrator", null, null, true, []);

    /// <summary>Who issued the token; null for what is none of OAuth's.</summary>
    public string? Issuer { get; init; }

    /// <summary>The token's subject as it is written; null without an access token.</summary>
    public string? Subject { get; init; }

    /// <summary>The access token's own id; null without one.</summary>
    public string? TokenId { get; init; }

    /// <summary>Who acts for the subject, the newest first (RFC 8693 §4.1). Only the first decides anything; the others are for the record.</summary>
    public IReadOnlyList<string> Actors { get; init; } = [];

    /// <summary>What the token allows in detail (RFC 9396); null if nothing. It points to a mandate and caps it, and is none itself.</summary>
    public AuthorizationDetails? Details { get; init; }

    /// <summary>The key that the caller proved (RFC 9449); null for a bearer.</summary>
    public string? Thumbprint { get; init; }

    /// <summary>The staff roles that the caller acts with; none without the scope <c>staff</c>.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>What the caller was taken for before it showed anything, and with it; null where nobody asked.</summary>
    public CallerDecision? Caller { get; init; }

    /// <summary>Whether the caller only wants to know what a write would come to (<c>Prefer: dry-run</c>): everything is checked and nothing is changed.</summary>
    public bool IsDryRun { get; init; }

    /// <summary>Whether the credentials are for trying out: what is done with them is kept apart from what is done for real.</summary>
    public bool IsTest { get; init; }

    /// <summary>By how much the time of test credentials is ahead of everybody's; zero for all others.</summary>
    public TimeSpan ClockAhead { get; init; }

    /// <summary>The time that it is for the caller.</summary>
    public DateTimeOffset NowBy(TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(clock);
        return clock.GetUtcNow() + ClockAhead;
    }

    /// <summary>Lets a handler take the caller as a parameter.</summary>
    public static ValueTask<AgentPrincipal?> BindAsync(HttpContext context) => new(context.GetAgent());
}
