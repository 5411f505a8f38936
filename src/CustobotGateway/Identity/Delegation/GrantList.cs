using CustobotGateway.Common;
using Dapper;

namespace CustobotGateway.Identity.Delegation;

/// <summary>Where a list goes on.</summary>
/// <param name="Next">Give it as <c>after</c> for the next page; null on the last.</param>
public sealed record NextPage(string? Next);

/// <summary>How lists of delegation are cut into pages: newest first, by ids, which begin with the time.</summary>
internal static class GrantList
{
    public const int DefaultSize = 24;
    public const int MaxSize = 100;
    private const int LongestCursor = 64;

    /// <summary>What is wrong with a page's size or cursor; null if nothing is.</summary>
    public static Problem? FaultOf(string? after, int? size) =>
        size is < 1 or > MaxSize ? CommonProblems.InvalidRequest.With($"size is 1 to {MaxSize}.", [new("?size", "out_of_range", $"A page has 1 to {MaxSize} entries.")])
        : after is not null && (after.Length > LongestCursor || after.Any(letter => letter is not (>= 'a' and <= 'z') and not (>= '0' and <= '9') and not '_'))
            ? CommonProblems.InvalidRequest.With("after is not a cursor of this list.", [new("?after", "bad_cursor", "Give the next of an earlier page as it was.")])
        : null;

    /// <summary>The condition on <c>identity.grants g</c> for what the actor may see, with its parameters.</summary>
    public static (string Sql, DynamicParameters Values) VisibleTo(GrantActor actor)
    {
        var values = new DynamicParameters(new { callerGrant = actor.Caller.GrantId });
        switch (actor)
        {
            case GrantActor.Staff:
                return ("true", values);
            case GrantActor.Person person:
                values.Add("person", person.PersonId);
                return ("g.person = @person", values);
            case GrantActor.Agent { Principal: var agent } when GrantAccess.Manages(agent):
                values.Add("person", agent.OnBehalfOf);
                values.Add("own", GrantAccess.OwnClients(agent));
                return ("""
                    (g.id = @callerGrant or (g.person = @person and g.client_id <> all(@own) and not g.delegates && @own
                     and g.client_id is distinct from (select o.client_id from identity.grants o where o.id = @callerGrant)))
                    """, values);
            default:
                return ("g.id = @callerGrant", values);
        }
    }
}
