using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace CustobotGateway.Checkout.Carts;

/// <summary>What a cart holds and what it would cost now.</summary>
public static class GetCart
{
    internal static void Map(RouteGroupBuilder carts) => carts
        .MapGet("/{id}", HandleAsync).WithName("getCart").RequireScope(Scopes.Checkout)
        .WithSummary("Read a cart")
        .WithDescription("A cart of the grant that asks, at the prices of now; messages tell which moved since it was last changed.")
        .ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(422).ProducesProblem(503);

    private static async Task<Results<Ok<Cart>, ProblemHttpResult>> HandleAsync(
        string id, AgentPrincipal agent, Pricer pricer, NpgsqlDataSource database, TimeProvider clock, CancellationToken cancellationToken) =>
        (await RunAsync(id, agent, pricer, database, clock, cancellationToken)).ToHttp();

    /// <summary>Reads the cart.</summary>
    internal static async Task<Outcome<Cart>> RunAsync(string id, AgentPrincipal agent, Pricer pricer, NpgsqlDataSource database, TimeProvider clock, CancellationToken cancellationToken)
    {
        var now = agent.NowBy(clock);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await CartRow.FindAsync(connection, transaction, id, agent, now, forUpdate: false, cancellationToken) is not { } row)
        {
            return CommonProblems.NotFound.With($"There is no cart {id} of yours.");
        }
        var priced = await PriceSession.RunAsync(row.Ask(), id, null, pricer, transaction, now, cancellationToken, goodsOnly: true);
        return priced.Succeeded ? Cart.Of(id, row.Currency, new DateTimeOffset(row.ExpiresAt), priced.Value.Document) : priced.Problem!;
    }
}
