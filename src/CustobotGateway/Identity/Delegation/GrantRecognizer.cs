using System.Text.Json;
using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using CustobotGateway.OAuth.Mandates;
using Dapper;
using Npgsql;

namespace CustobotGateway.Identity.Delegation;

/// <summary>Recognises an agent by the token of its grant. Asked of the database each time, so that a revocation holds at once everywhere.</summary>
internal sealed class GrantRecognizer(NpgsqlDataSource database) : IRecognizer
{
    public async ValueTask<AgentPrincipal?> RecognizeAsync(string bearerToken, CancellationToken cancellationToken)
    {
        if (!GrantTokens.HasForm(bearerToken))
        {
            return null;
        }
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<(string? Id, string ClientId, string Person, string Mandate)>(new CommandDefinition(
            "select id, client_id, person, mandate::text from identity.grants where token_hash = @hash and revoked_at is null",
            new { hash = GrantTokens.Hash(bearerToken) }, cancellationToken: cancellationToken));
        return row.Id is null
            ? null
            : new AgentPrincipal(row.ClientId, row.Person, row.Id, false, ScopesOf(PurchaseMandate.Of(JsonElement.Parse(row.Mandate))));
    }

    // The token of a grant has no scopes of its own: the mandate's actions stand for them.
    internal static IReadOnlyList<string> ScopesOf(PurchaseMandate mandate) =>
    [
        Scopes.CatalogRead,
        Scopes.GrantsRead,
        .. mandate.Actions.Contains(PurchaseMandate.Quote) ? [Scopes.Negotiations] : Array.Empty<string>(),
        .. mandate.Actions.Contains(PurchaseMandate.Purchase) ? [Scopes.Checkout, Scopes.OrdersRead] : Array.Empty<string>(),
    ];
}
