using CustobotGateway.Common;
using CustobotGateway.Common.Idempotency;
using CustobotGateway.Common.Preferences;
using Npgsql;

namespace CustobotGateway.Identity.Delegation;

/// <summary>What the operations on grants work with, whichever door asks: the database, the time, and whoever has something that lives from a grant.</summary>
/// <param name="Database">Where grants are.</param>
/// <param name="Writes">Runs changes.</param>
/// <param name="Ending">Ends grants.</param>
/// <param name="Rules">Knows what can be preferred.</param>
/// <param name="Audit">Where refusals are noted; what is done stands in the grant's own history.</param>
/// <param name="Clock">The time.</param>
public sealed record GrantContext(NpgsqlDataSource Database, Writes Writes, GrantEnding Ending, IPreferenceRules Rules, AuditTrail Audit, TimeProvider Clock)
{
    /// <summary>Gives the outcome on, and notes it where it is a refusal.</summary>
    internal Outcome<T> Note<T>(string kind, GrantActor actor, string id, Outcome<T> outcome)
        where T : notnull
    {
        if (outcome.Problem is { } problem)
        {
            Audit.Add(new AuditEntry(kind, actor.Caller.ClientId, actor.Caller.OnBehalfOf, problem.Type.Code, new { id, reason = problem.Detail }));
        }
        return outcome;
    }
}
