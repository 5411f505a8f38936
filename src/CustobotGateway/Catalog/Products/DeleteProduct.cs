using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using CustobotGateway.Common.Idempotency;
using Dapper;
using Microsoft.AspNetCore.Mvc;

namespace CustobotGateway.Catalog.Products;

/// <summary>Withdraws a product: searches no longer find it. Its number stays reserved, and a product of the same key comes back under it.</summary>
public static class DeleteProduct
{
    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapDelete("/v1/products/{id}", HandleAsync).WithName("deleteProduct").CanDryRun().WithTags("Products").RequireScope(Scopes.CatalogWrite)
        .WithSummary("Withdraw a product").WithDescription("Orders and logs that name it keep their meaning; putting the same external id again brings it back under its id. If-Match withdraws only the version that was read, else 412.")
        .Produces(204).ProducesProblem(401).ProducesProblem(404).ProducesProblem(409).ProducesProblem(412).ProducesProblem(422).ProducesProblem(503);

    private static async Task<IResult> HandleAsync(
        ProductReference id, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, AgentPrincipal agent, HttpContext http, Writes writes, TimeProvider clock, CancellationToken cancellationToken) =>
        await RunAsync(id, ETags.Of(http.Request), idempotencyKey, agent, writes, clock, cancellationToken) is { Problem: { } problem } ? problem.ToHttp() : TypedResults.NoContent();

    internal sealed record Withdrawn(long Number);

    internal static Task<Outcome<Withdrawn>> RunAsync(
        ProductReference reference, ETags tags, string? idempotencyKey, AgentPrincipal agent, Writes writes, TimeProvider clock, CancellationToken cancellationToken) =>
        writes.RunAsync<Withdrawn>(new WriteAttempt(agent, $"products/{reference}/withdrawal", idempotencyKey, tags), async transaction =>
        {
            var number = await transaction.Connection!.QuerySingleOrDefaultAsync<long?>(new CommandDefinition($"""
                with withdrawn as (
                    update catalog.products set withdrawn_at = @Now, updated_at = @Now, version = version + 1, change_xid = pg_current_xact_id()
                    where {(reference.ExternalId is null ? "number = @Number" : "external_id = @ExternalId")} and withdrawn_at is null
                      and (@Versions::bigint[] is null or version = any(@Versions))
                    returning number)
                select number from withdrawn, lateral (select pg_notify('catalog_changes', '')) as told
                """,
                new { Now = clock.GetUtcNow(), reference.Number, reference.ExternalId, Versions = tags.IfMatch }, transaction, cancellationToken: cancellationToken));
            if (number is not null)
            {
                return new Withdrawn(number.Value);
            }
            return await ProductRow.FindAsync(transaction.Connection!, transaction, reference, cancellationToken) is { Withdrawn: false } row
                ? CommonProblems.PreconditionFailed.With($"The product is at version {row.Version}: read it again, then repeat the change.")
                : ProductProblems.NotFound(reference);
        }, cancellationToken);
}
