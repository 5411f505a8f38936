using System.Collections.Concurrent;
using CustobotGateway.OAuth;
using CustobotGateway.OAuth.Challenges;
using CustobotGateway.OAuth.Messages;
using CustobotGateway.OAuth.Metadata;
using Microsoft.Extensions.Primitives;

namespace CustobotGateway.Common.Http;

/// <summary>A request that was refused for its credentials; modules that keep a record of refusals register one.</summary>
/// <param name="context">The request.</param>
/// <param name="code">The error's code, as it went over the wire.</param>
/// <param name="description">The reason in words, without a secret.</param>
public delegate void RefusalObserver(HttpContext context, string code, string description);

/// <summary>
/// Refuses callers in the words of RFC 6750, RFC 9449 and RFC 9728: a client that was written by nobody here learns from WWW-Authenticate where to get
/// a token and which scopes it has to have. The body says the same to whoever reads problems.
/// </summary>
internal sealed class Refusals(ApiResources resources, PublicUrl url, AccessOptions options, IEnumerable<RefusalObserver> observers)
{
    private const string Realmless = "Bearer";

    private readonly RefusalObserver[] _observers = [.. observers];
    private readonly ConcurrentDictionary<(string Path, string Scope), (Challenge Challenge, string[] WithoutToken)> _challenges = new();

    /// <summary>For a caller without a token, or with one that does not suffice.</summary>
    public Task RefuseAsync(HttpContext context, RouteAccess access, Lack lack, bool usedDpop)
    {
        var resource = resources.Of(context.GetEndpoint());
        if (lack == Lack.Token)
        {
            context.Response.Headers.WWWAuthenticate = resource is null ? Realmless : ChallengeOf(resource, access.Scope).WithoutToken;
            return WriteAsync(context, CommonProblems.Unauthorized.With(access.AdministratorOnly
                ? "This operation needs the administrator: the administrator's token, or a token of staff with that role. The request carried none."
                : $"This operation needs an access token with the scope '{access.Scope}'.", remedy: RemedyFor(access, resource)));
        }
        if (lack == Lack.Role)
        {
            return WriteAsync(context, CommonProblems.Forbidden.With(access.Roles is null
                ? "This operation needs the role administrator, which the caller does not have."
                : $"This operation needs one of the roles {string.Join(", ", access.Roles)}, none of which the caller has.",
                remedy: new("Ask an administrator of the gateway for the role.", "/llms.txt")));
        }
        var error = new OAuthError(ErrorCodes.InsufficientScope, $"The token does not hold the scope {access.Scope}.");
        return RefuseAsync(context, access, resource, error, usedDpop);
    }

    /// <summary>For a token or a proof that is wrong.</summary>
    public Task RefuseAsync(HttpContext context, RouteAccess access, ApiResource? resource, OAuthError error, bool usedDpop)
    {
        foreach (var observer in _observers)
        {
            observer(context, error.Code, error.Description);
        }
        if (resource is null)
        {
            context.Response.Headers.WWWAuthenticate = Realmless;
        }
        else
        {
            context.Response.Headers.WWWAuthenticate = new StringValues([.. ChallengeOf(resource, access.Scope).Challenge.Of(error, usedDpop)]);
        }
        var type = error.Code switch
        {
            ErrorCodes.InsufficientScope => CommonProblems.InsufficientScope,
            ErrorCodes.InvalidDpopProof => CommonProblems.InvalidDpopProof,
            ErrorCodes.UseDpopNonce => CommonProblems.UseDpopNonce,
            ErrorCodes.InvalidToken => CommonProblems.InvalidToken,
            _ => CommonProblems.InvalidRequest,
        };
        return WriteAsync(context, type.With(error.Description, remedy: RemedyFor(access, resource)));
    }

    private (Challenge Challenge, string[] WithoutToken) ChallengeOf(ApiResource resource, string? scope) =>
        _challenges.GetOrAdd((resource.Path, scope ?? ""), _ =>
        {
            var challenge = new Challenge(resources.MetadataAddressOf(resource), scope is null ? ScopeSet.Empty : ScopeSet.Of(scope), options.RequireDpop, realm: url.Base);
            return (challenge, [.. challenge.WithoutToken()]);
        });

    private Remedy RemedyFor(RouteAccess access, ApiResource? resource) => access.AdministratorOnly
        ? new("Send 'Authorization: Bearer <token>' with the administrator's token: --admin-token or GATEWAY_ADMIN_TOKEN of the gateway, else the file admin-token in its data folder. "
            + "Staff send an access token with the scope 'staff'.", "/llms.txt")
        : new($"Ask the authorization server for a token{(access.Scope is null ? "" : $" with the scope '{access.Scope}'")} and send it in the Authorization header; resource_metadata in WWW-Authenticate says where.",
            resource is null ? "/llms.txt" : WellKnown.ProtectedResource(resources.IdentifierOf(resource)));

    private static Task WriteAsync(HttpContext context, Problem problem)
    {
        // What is refused to one caller is not for the next.
        context.Response.Headers.CacheControl = "no-store";
        return problem.ToHttp().ExecuteAsync(context);
    }
}
