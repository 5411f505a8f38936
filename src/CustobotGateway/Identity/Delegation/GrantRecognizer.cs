using System.Text.Json;
using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using CustobotGateway.Identity.TestMode;
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
        var row = await connection.QuerySingleOrDefaultAsync<(string? Id, string ClientId, string Person, string Mandate, bool IsTest, TimeSpan? Ahead)>(new CommandDefinition($"""
            select g.id, g.client_id, g.person, g.mandate::text, coalesce(c.test_mode, false), case when c.test_mode then {TestClocks.AheadSql} end
            from identity.grants g left join identity.clients c on c.client_id = g.client_id where g.token_hash = @hash and g.revoked_at is null
            """,
            new { hash = GrantTokens.Hash(bearerToken) }, cancellationToken: cancellationToken));
        return row.Id is null
            ? null
            : new AgentPrincipal(row.ClientId, row.Person, row.Id, false, ScopesOf(PurchaseMandate.Of(JsonElement.Parse(row.Mandate)))) { IsTest = row.IsTest, ClockAhead = row.Ahead ?? TimeSpan.Zero };
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
