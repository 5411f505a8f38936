using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using CustobotGateway.Common.Idempotency;
using CustobotGateway.Identity.ResourceServer;
using CustobotGateway.OAuth.Clients;
using CustobotGateway.OAuth.Tokens;
using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace CustobotGateway.Identity.Clients;

/// <summary>The merchant disables a client, enables it again, or gives it a new secret.</summary>
public static class ChangeClient
{
    /// <param name="Enabled">False ends everything that the client holds and refuses it; true lets it begin anew; null leaves it.</param>
    /// <param name="RotateSecret">Makes a new secret; the one before stays good beside it until <paramref name="DropOldSecrets"/>.</param>
    /// <param name="DropOldSecrets">Leaves the newest secret alone.</param>
    public sealed record Request(bool? Enabled = null, bool RotateSecret = false, bool DropOldSecrets = false);

    /// <summary>Holds the request to its form.</summary>
    public sealed class Validator : AbstractValidator<Request>
    {
        /// <summary>Sets the rules.</summary>
        public Validator() => RuleFor(request => request).Must(request => request.Enabled is not null || request.RotateSecret || request.DropOldSecrets)
            .WithMessage("Say what is to change: 'enabled', 'rotate_secret' or 'drop_old_secrets'.");
    }

    internal static void Map(RouteGroupBuilder clients) => clients
        .MapPatch("/{id}", HandleAsync).WithName("changeClient").CanDryRun().Validate<Request>().RequireAdministrator()
        .WithSummary("Disable a client or replace its secret")
        .WithDescription("Disabling holds on every gateway within a second and ends the client's tokens. A new secret is told in this answer alone; the old one stays good until it is dropped.")
        .ProducesProblem(400).ProducesProblem(401).ProducesProblem(404).ProducesProblem(409).ProducesProblem(422).ProducesProblem(503);

    private static async Task<Results<Ok<RegisteredClient>, ProblemHttpResult>> HandleAsync(
        string id, Request request, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, AgentPrincipal agent, Writes writes, ClientStore store, TimeProvider clock,
        CancellationToken cancellationToken) =>
        (await RunAsync(id, request, idempotencyKey, agent, writes, store, clock, cancellationToken)).ToHttp();

    /// <summary>Changes the client.</summary>
    public static async Task<Outcome<RegisteredClient>> RunAsync(
        string id, Request request, string? idempotencyKey, AgentPrincipal agent, Writes writes, ClientStore store, TimeProvider clock, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(agent);
        ArgumentNullException.ThrowIfNull(writes);
        ArgumentNullException.ThrowIfNull(store);
        var outcome = await writes.RunAsync<RegisteredClient>(new WriteAttempt(agent, "clients/" + id, idempotencyKey, request), async transaction =>
        {
            if (!await ClientStore.LockAsync(transaction, id, cancellationToken)
                || await ClientRows.FindAsync(transaction.Connection!, id, transaction, cancellationToken) is not { } client)
            {
                return ListClients.NotFound(id);
            }
            if (request.RotateSecret && !AuthMethods.UsesSecret(client.AuthMethod))
            {
                return ClientProblems.HasNoSecret.With($"The client '{id}' authenticates with {client.AuthMethod}.");
            }
            var (now, actor) = (clock.GetUtcNow(), agent.ClientId ?? "administrator");
            var secret = request.RotateSecret ? SecretToken.Create() : null;
            IReadOnlyList<SecretHash> secrets = secret is null ? client.Secrets : [SecretHash.Of(secret), .. client.Secrets.Take(1)];
            client = client with { Enabled = request.Enabled ?? client.Enabled, Secrets = request.DropOldSecrets ? [.. secrets.Take(1)] : secrets };
            await ClientStore.SaveAsync(transaction, client, actor, now, cancellationToken);
            if (request.Enabled == false)
            {
                await Revocations.AddAsync(transaction, RevocationKind.Client, id, now, cancellationToken);
            }
            return RegisteredClient.Of(client, secret);
        }, cancellationToken, keep: client => client with { ClientSecret = null });
        if (outcome.Succeeded)
        {
            await store.ForgetAsync(id, cancellationToken);
        }
        return outcome;
    }
}
