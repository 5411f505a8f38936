using System.Text;
using System.Text.Json.Nodes;
using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using CustobotGateway.Common.Idempotency;
using CustobotGateway.Identity.AuthorizationServer;
using CustobotGateway.OAuth.Clients;
using CustobotGateway.OAuth.Jose;
using CustobotGateway.OAuth.Mandates;
using CustobotGateway.OAuth.Messages;
using CustobotGateway.OAuth.Tokens;
using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace CustobotGateway.Identity.Clients;

/// <summary>The merchant registers a client; its secret, where it has one, is made here and told once.</summary>
public static class CreateClient
{
    /// <param name="ClientId">Its id, 1 to 200 visible ASCII characters; made when null.</param>
    /// <param name="Name">What people are shown, up to 200 characters; null shows the id.</param>
    /// <param name="TokenEndpointAuthMethod"><c>private_key_jwt</c>, <c>client_secret_basic</c> (default), <c>client_secret_post</c> or <c>none</c>.</param>
    /// <param name="RedirectUris">Where codes may be sent to, up to 20: https, or loopback and private schemes of native applications.</param>
    /// <param name="GrantTypes">The grants it may use; <c>client_credentials</c> alone by default.</param>
    /// <param name="Scopes">The scopes it may ask for; <c>catalog:read</c> alone by default.</param>
    /// <param name="Resources">The resources it may ask tokens for, absolute or as paths; all of this gateway by default.</param>
    /// <param name="ExchangeResources">The resources it may exchange tokens for; none by default.</param>
    /// <param name="AuthorizationDetailsTypes">The types of authorization details it may ask for; none by default.</param>
    /// <param name="Refresh"><c>rotate</c> (default) or <c>static</c>, which is for confidential clients whose tokens are bound to a key.</param>
    /// <param name="RequireDpop">Whether its tokens have to be bound to a key.</param>
    /// <param name="RequirePar">Whether it has to push its authorization requests.</param>
    /// <param name="Jwks">Its public keys (RFC 7517), for <c>private_key_jwt</c>.</param>
    /// <param name="JwksUri">Where its public keys are, an https address; not beside <paramref name="Jwks"/>.</param>
    /// <param name="TestMode">Whether it is for trying out: what is done with its tokens is kept apart, and its time can be put forward. Said once, for good.</param>
    public sealed record Request(
        string? ClientId = null, string? Name = null, string? TokenEndpointAuthMethod = null, IReadOnlyList<string>? RedirectUris = null, IReadOnlyList<string>? GrantTypes = null,
        IReadOnlyList<string>? Scopes = null, IReadOnlyList<string>? Resources = null, IReadOnlyList<string>? ExchangeResources = null,
        IReadOnlyList<string>? AuthorizationDetailsTypes = null, string? Refresh = null, bool RequireDpop = false, bool RequirePar = false, JsonObject? Jwks = null, string? JwksUri = null,
        bool TestMode = false);

    /// <summary>Holds the request to its form.</summary>
    public sealed class Validator : AbstractValidator<Request>
    {
        private const int MostRedirectUris = 20;

        /// <summary>Sets the rules.</summary>
        public Validator()
        {
            RuleFor(request => request.ClientId).Must(id => id is null || (id.Length is > 0 and <= 200 && id.All(letter => letter is > ' ' and < '\u007f')))
                .WithMessage("'client_id' has 1 to 200 visible ASCII characters.");
            RuleFor(request => request.Name).MaximumLength(200).Must(name => name is null || !name.Any(char.IsControl)).WithMessage("'name' has no control characters.");
            RuleFor(request => request.TokenEndpointAuthMethod).Must(method => method is null || AuthMethods.All.Contains(method))
                .WithErrorCode("unknown_value").WithMessage($"'token_endpoint_auth_method' is one of {string.Join(", ", AuthMethods.All)}.");
            RuleFor(request => request.RedirectUris).Must(uris => uris is null || uris.Count <= MostRedirectUris).WithErrorCode("too_long")
                .WithMessage($"'redirect_uris' has at most {MostRedirectUris} addresses.");
            RuleForEach(request => request.RedirectUris).Must(uri => OAuth.Messages.RedirectUris.FaultOf(uri, null) is null)
                .WithMessage((_, uri) => OAuth.Messages.RedirectUris.FaultOf(uri, null) ?? "");
            RuleForEach(request => request.GrantTypes).Must(grant => OAuth.Messages.GrantTypes.All.Contains(grant))
                .WithErrorCode("unknown_value").WithMessage($"A grant type is one of {string.Join(", ", OAuth.Messages.GrantTypes.All)}.");
            RuleFor(request => request.RedirectUris).NotEmpty().When(request => request.GrantTypes?.Contains(OAuth.Messages.GrantTypes.AuthorizationCode) == true)
                .WithMessage("The authorization code grant needs 'redirect_uris'.");
            RuleForEach(request => request.Scopes).Must(scope => ScopeSet.TryParse(scope, out var one) && one.Values.Count == 1).WithMessage("A scope is a word of ASCII characters without spaces.");
            RuleForEach(request => request.Resources).Must(IsResource).WithMessage("A resource is an absolute address without fragment, or a path.");
            RuleForEach(request => request.ExchangeResources).Must(IsResource).WithMessage("A resource is an absolute address without fragment, or a path.");
            RuleForEach(request => request.AuthorizationDetailsTypes).Equal(PurchaseMandate.TypeName)
                .WithErrorCode("unknown_value").WithMessage($"The only type of authorization details here is '{PurchaseMandate.TypeName}'.");
            RuleFor(request => request.Refresh).Must(refresh => refresh is null or "rotate" or "static").WithErrorCode("unknown_value").WithMessage("'refresh' is rotate or static.");
            RuleFor(request => request.Jwks).Must(jwks => jwks is null || KeysOf(jwks) is { Keys.Count: > 0 }).WithMessage("'jwks' is a set of at least one public key of EC or at least 2048 bits of RSA.");
            RuleFor(request => request.JwksUri).Must(uri => uri is null || (Uri.TryCreate(uri, UriKind.Absolute, out var parsed) && parsed.Scheme == Uri.UriSchemeHttps && parsed.UserInfo.Length == 0))
                .WithMessage("'jwks_uri' is an https address.");
            RuleFor(request => request.Jwks).Null().When(request => request.JwksUri is not null).WithMessage("Keys are given by 'jwks' or by 'jwks_uri', not both.");
            RuleFor(request => request.Jwks).NotNull().When(request => request.TokenEndpointAuthMethod == AuthMethods.PrivateKeyJwt && request.JwksUri is null)
                .WithMessage("The method private_key_jwt needs 'jwks' or 'jwks_uri'.");
        }

        private static bool IsResource(string resource) => resource is ['/', ..] ? resource.Length > 1 && !resource.Contains('#', StringComparison.Ordinal) : ResourceIndicators.IsWellFormed(resource);
    }

    internal static void Map(RouteGroupBuilder clients) => clients
        .MapPost("/", HandleAsync).WithName("createClient").CanDryRun().Validate<Request>().RequireAdministrator()
        .WithSummary("Register an OAuth client")
        .WithDescription("Registers a client of the merchant's own or of an agent that the merchant knows. A secret is made where the method needs one and is told in this answer alone; only its hash is kept.")
        .ProducesProblem(400).ProducesProblem(401).ProducesProblem(409).ProducesProblem(422).ProducesProblem(503);

    private static async Task<Results<Created<RegisteredClient>, ProblemHttpResult>> HandleAsync(
        Request request, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, AgentPrincipal agent, Writes writes, ServerPolicySource policies, ClientStore store, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var outcome = await RunAsync(request, idempotencyKey, agent, writes, policies, store, clock, cancellationToken);
        return outcome.Succeeded ? TypedResults.Created("/v1/clients/" + Uri.EscapeDataString(outcome.Value.ClientId), outcome.Value) : outcome.Problem!.ToHttp();
    }

    /// <summary>Registers the client.</summary>
    public static async Task<Outcome<RegisteredClient>> RunAsync(
        Request request, string? idempotencyKey, AgentPrincipal agent, Writes writes, ServerPolicySource policies, ClientStore store, TimeProvider clock, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(agent);
        ArgumentNullException.ThrowIfNull(writes);
        ArgumentNullException.ThrowIfNull(policies);
        ArgumentNullException.ThrowIfNull(store);
        var outcome = await writes.RunAsync<RegisteredClient>(new WriteAttempt(agent, "clients", idempotencyKey, request), async transaction =>
        {
            var method = request.TokenEndpointAuthMethod ?? AuthMethods.SecretBasic;
            var secret = AuthMethods.UsesSecret(method) ? SecretToken.Create() : null;
            var client = RecordOf(request, request.ClientId ?? Ids.New("cli", clock), method, secret, policies.Issuer, clock.GetUtcNow());
            if (await ClientRows.FindAsync(transaction.Connection!, client.ClientId, transaction, cancellationToken) is not null)
            {
                return ClientProblems.Exists.With($"There is a client '{client.ClientId}' already. Change that one, or take another id.");
            }
            await ClientStore.SaveAsync(transaction, client, agent.ClientId ?? "administrator", client.CreatedAt, cancellationToken);
            return RegisteredClient.Of(client, secret);
        }, cancellationToken, keep: client => client with { ClientSecret = null });
        if (outcome.Succeeded)
        {
            await store.ForgetAsync(outcome.Value.ClientId, cancellationToken);
        }
        return outcome;
    }

    private static ClientRecord RecordOf(Request request, string id, string method, string? secret, string issuer, DateTimeOffset now) => new()
    {
        ClientId = id,
        Name = request.Name,
        CreatedBy = ClientOrigin.Staff,
        AuthMethod = method,
        Secrets = secret is null ? [] : [SecretHash.Of(secret)],
        Keys = request.Jwks is null ? null : KeysOf(request.Jwks),
        JwksUri = request.JwksUri,
        RedirectUris = request.RedirectUris ?? [],
        GrantTypes = request.GrantTypes ?? [OAuth.Messages.GrantTypes.ClientCredentials],
        Scopes = request.Scopes is null ? GatewayScopes.Default : ScopeSet.Of(request.Scopes),
        Resources = request.Resources?.Select(resource => ClientRecord.Keep(resource, issuer)).ToList(),
        ExchangeResources = request.ExchangeResources?.Select(resource => ClientRecord.Keep(resource, issuer)).ToList(),
        AuthorizationDetailsTypes = request.AuthorizationDetailsTypes ?? [],
        Refresh = request.Refresh == "static" ? RefreshPolicy.Static : RefreshPolicy.Rotate,
        RequireDpop = request.RequireDpop,
        RequirePar = request.RequirePar,
        TestMode = request.TestMode,
        CreatedAt = now,
    };

    private static JwkSet? KeysOf(JsonObject jwks) => JwkSet.TryRead(Encoding.UTF8.GetBytes(jwks.ToJsonString()), everyKey: true, out var keys, out _) ? keys : null;
}
