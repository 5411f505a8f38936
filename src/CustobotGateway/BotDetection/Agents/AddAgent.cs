using System.Text.Json;
using System.Text.Json.Nodes;
using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using CustobotGateway.Common.Idempotency;
using CustobotGateway.Identity;
using CustobotGateway.Identity.TrustedAgents;
using CustobotGateway.MessageSignatures.Keys;
using CustobotGateway.MessageSignatures.WebBotAuth;
using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace CustobotGateway.BotDetection.Agents;

/// <summary>The merchant lets an agent be known by its signatures, or gives one that is known other keys.</summary>
public static class AddAgent
{
    private const int LongestAddress = 2_048;

    /// <param name="Agent">Its address, an https address such as <c>https://agent.example</c>; what Signature-Agent says.</param>
    /// <param name="Keys">Its public keys (RFC 7517), up to 50: Ed25519, P-256, P-384 or at least 2048 bits of RSA. Without any, the keys come from its directory.</param>
    /// <param name="Directory">Where its keys are fetched, an https address; by default its well-known directory where <c>keys</c> is left out, else nowhere.</param>
    /// <param name="Authority">A host that its signatures may be over besides the gateway's own; none by default.</param>
    public sealed record Request(string Agent, IReadOnlyList<JsonObject>? Keys = null, string? Directory = null, string? Authority = null);

    /// <summary>Holds the request to its form.</summary>
    public sealed class Validator : AbstractValidator<Request>
    {
        private static readonly string[] PrivateMembers = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

        /// <summary>Sets the rules.</summary>
        public Validator(FetchOptions fetch)
        {
            // Plain http is for those alone whom the operator lets be fetched from by it, such as a test next door.
            bool IsAddress(string address) => address.Length <= LongestAddress && Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.UserInfo.Length == 0 && uri.Fragment.Length == 0
                && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && fetch.AllowedHosts.Split(' ').Intersect([uri.Host, uri.Authority]).Any()));
            RuleFor(request => request.Agent).NotEmpty().Must(IsAddress).WithErrorCode("wrong_form").WithMessage("'agent' is an https address without user information and fragment.");
            RuleFor(request => request.Directory).Must(address => address is null || IsAddress(address)).WithErrorCode("wrong_form").WithMessage("'directory' is an https address.");
            RuleFor(request => request.Authority).Must(host => host is null || (host.Length is > 0 and <= 255 && Uri.CheckHostName(host.Split(':')[0]) != UriHostNameType.Unknown))
                .WithErrorCode("wrong_form").WithMessage("'authority' is a host, with its port where that is not the scheme's own.");
            RuleFor(request => request.Keys).Must(keys => keys is null || keys.Count is > 0 and <= KeyDirectory.MostKeys).WithErrorCode("wrong_length")
                .WithMessage($"'keys' has 1 to {KeyDirectory.MostKeys} keys; leave it out to have them fetched.");
            RuleForEach(request => request.Keys).Must(key => FaultOf(key) is null).WithMessage((_, key) => FaultOf(key) ?? "");
        }

        private static string? FaultOf(JsonObject key)
        {
            if (PrivateMembers.Any(key.ContainsKey))
            {
                return "The key has a private member. Whoever sees this request could sign as the agent: make a new key.";
            }
            using var read = VerifyingKey.Read(JsonSerializer.SerializeToElement(key), out var fault);
            return read is null ? fault : null;
        }
    }

    internal static void Map(RouteGroupBuilder agents) => agents
        .MapPost("/", HandleAsync).WithName("addAgent").CanDryRun().Validate<Request>().RequireAdministrator()
        .WithSummary("Trust an agent's signatures")
        .WithDescription("From now on requests that are signed with the agent's keys are recognised as its own. The same agent and authority again replaces its keys. Every gateway knows within a second.")
        .ProducesProblem(400).ProducesProblem(401).ProducesProblem(409).ProducesProblem(422).ProducesProblem(503);

    private static async Task<Results<Created<AgentView>, ProblemHttpResult>> HandleAsync(
        Request request, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, AgentPrincipal agent, Writes writes, TrustedAgentStore store, AuditTrail trail, CancellationToken cancellationToken)
    {
        var outcome = await RunAsync(request, idempotencyKey, agent, writes, store, trail, cancellationToken);
        return outcome.Succeeded ? TypedResults.Created("/v1/bot-detection/agents/" + outcome.Value.Id, outcome.Value) : outcome.Problem!.ToHttp();
    }

    /// <summary>Adds the agent.</summary>
    public static async Task<Outcome<AgentView>> RunAsync(
        Request request, string? idempotencyKey, AgentPrincipal agent, Writes writes, TrustedAgentStore store, AuditTrail trail, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(agent);
        ArgumentNullException.ThrowIfNull(writes);
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(trail);
        var outcome = await writes.RunAsync<AgentView>(new WriteAttempt(agent, "bot-detection/agents", idempotencyKey, request), async transaction =>
        {
            var keys = JsonSerializer.SerializeToElement(new { keys = request.Keys ?? [] });
            var directory = request.Directory ?? (request.Keys is null ? request.Agent.TrimEnd('/') + KeyDirectory.Path : null);
            var (saved, _) = await store.SaveAsync(transaction, request.Agent, request.Authority ?? "", keys, directory, agent.ClientId ?? "administrator", cancellationToken);
            return AgentView.Of(saved);
        }, cancellationToken);
        if (outcome.Succeeded)
        {
            trail.Add(new AuditEntry("trusted_agent.save", agent.ClientId, agent.OnBehalfOf, null, new { outcome.Value.Id, outcome.Value.Agent }));
            await store.WhenChangedAsync(cancellationToken);
        }
        return outcome;
    }
}
