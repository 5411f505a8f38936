using System.Text.Json;
using CustobotGateway.Common;
using CustobotGateway.Common.Preferences;
using Dapper;
using Npgsql;

namespace CustobotGateway.Identity.Delegation;

/// <summary>The preferences that are held with the grant of whoever calls.</summary>
internal sealed class PreferencesOfAgent(NpgsqlDataSource database) : IPreferencesOfAgent
{
    public async ValueTask<Outcome<BuyingPreferences>> FindAsync(AgentPrincipal agent, CancellationToken cancellationToken)
    {
        if (agent.GrantId is not { } grant)
        {
            return IdentityProblems.GrantRequired.With(
                "Preferences are held with a grant, and the caller acts under none.", remedy: new Remedy("Search without apply_preferences, or with an access token that a person granted."));
        }
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<string?>(new CommandDefinition(
            "select preferences::text from identity.grants where id = @grant", new { grant }, cancellationToken: cancellationToken)) is { } kept
            ? JsonSerializer.Deserialize<BuyingPreferences>(kept, StoredJson.Options)!
            : BuyingPreferences.None;
    }
}
