using System.Text.Json;
using CustobotGateway.Checkout.Orders;
using CustobotGateway.Common;
using CustobotGateway.Identity.Delegation;
using Dapper;
using Npgsql;

namespace CustobotGateway.Checkout.Cases;

/// <summary>Where a case stands.</summary>
public enum CaseState
{
    /// <summary>Opened; the proposals are the answer so far.</summary>
    Open,

    /// <summary>Staff answered.</summary>
    Answered,

    /// <summary>It waits for a person of the staff.</summary>
    Escalated,

    /// <summary>It is over; the resolution says how.</summary>
    Closed,
}

/// <summary>Something said in a case. The text is data: it is shown to people, escaped, and nothing in it is followed.</summary>
/// <param name="Id">Unique.</param>
/// <param name="Role"><c>agent</c> or <c>staff</c>.</param>
/// <param name="Author">Who.</param>
/// <param name="Text">What.</param>
/// <param name="At">When.</param>
public sealed record CaseMessage(string Id, string Role, string Author, string Text, DateTimeOffset At);

/// <summary>How a case ended.</summary>
public enum ResolutionCode
{
    /// <summary>One of the proposals settled it.</summary>
    ProposalTaken,

    /// <summary>Money went back.</summary>
    Refunded,

    /// <summary>It was sent once more.</summary>
    Reshipped,

    /// <summary>The question was answered.</summary>
    Answered,

    /// <summary>The merchant does not agree.</summary>
    Rejected,

    /// <summary>Whoever asked does not ask any more.</summary>
    Withdrawn,

    /// <summary>Something else; the text tells.</summary>
    Other,
}

/// <summary>How a case ended, for a program to read.</summary>
/// <param name="Code">How.</param>
/// <param name="ProposalId">The proposal that settled it, or null.</param>
/// <param name="Text">In words, or null.</param>
/// <param name="By">Who closed it.</param>
/// <param name="At">When.</param>
public sealed record CaseResolution(ResolutionCode Code, string? ProposalId, string? Text, string By, DateTimeOffset At);

/// <summary>A question or a dispute about an order.</summary>
/// <param name="Id"><c>cas_…</c></param>
/// <param name="OrderId">The order.</param>
/// <param name="ClientId">The agent that bought.</param>
/// <param name="Person">For whom it was bought.</param>
/// <param name="Kind">What it is about.</param>
/// <param name="Why">Why it is taken for that: the words that led to it, or that the caller named it.</param>
/// <param name="Subject">In the asker's words.</param>
/// <param name="Text">In the asker's words.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Proposals">Ways to settle it, the likeliest first; each with the request to send.</param>
/// <param name="Summary">What happened to the order, on one page; as of its escalation, where it was escalated.</param>
/// <param name="Messages">What was said, the oldest first.</param>
/// <param name="Resolution">How it ended; null before that.</param>
/// <param name="CreatedAt">When it was opened.</param>
/// <param name="UpdatedAt">When something was last done to it.</param>
/// <param name="EscalatedAt">When it was first handed to a person, or null.</param>
public sealed record Case(
    string Id, string OrderId, string ClientId, string Person, CaseKind Kind, string Why, string Subject, string Text, CaseState State, IReadOnlyList<Proposal> Proposals, CaseSummary? Summary,
    IReadOnlyList<CaseMessage> Messages, CaseResolution? Resolution, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, DateTimeOffset? EscalatedAt)
{
    /// <summary>The most cases of one order.</summary>
    internal const int MaxOfOrder = 50;

    /// <summary>The most messages of one case.</summary>
    internal const int MaxMessages = 200;

    /// <summary>The longest text.</summary>
    internal const int MaxText = 4_000;
}

/// <summary>A case as it is stored, with whose it is.</summary>
internal sealed record StoredCase(Case Case, string GrantId)
{
    private sealed record Row(
        string Id, string OrderId, string GrantId, string ClientId, string Person, string Kind, string? Matched, string Subject, string Text, string State, string Proposals, string? Summary,
        string? Resolution, DateTime CreatedAt, DateTime UpdatedAt, DateTime? EscalatedAt);

    private sealed record MessageRow(string CaseId, string Id, string Role, string Author, string Text, DateTime At);

    /// <summary>Those that hold a condition on cases, whose alias is <c>o</c>; the newest first.</summary>
    public static async Task<IReadOnlyList<StoredCase>> ListAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, string condition, object values, int limit, CancellationToken cancellationToken, bool forUpdate = false)
    {
        var rows = (await connection.QueryAsync<Row>(new CommandDefinition($"""
            select o.id, o.order_id as orderid, o.grant_id as grantid, o.client_id as clientid, o.person, o.kind, to_json(o.matched)::text as matched, o.subject, o.text, o.state, o.proposals::text as proposals,
                   o.summary::text as summary, o.resolution::text as resolution, o.created_at as createdat, o.updated_at as updatedat, o.escalated_at as escalatedat
            from checkout.cases o where {condition} order by o.id desc limit {limit} {(forUpdate ? "for update" : "")}
            """, values, transaction, cancellationToken: cancellationToken))).AsList();
        var messages = (await connection.QueryAsync<MessageRow>(new CommandDefinition(
            "select case_id as caseid, id, role, author, text, at from checkout.case_messages where case_id = any(@ids) order by case_id, id", new { ids = rows.Select(row => row.Id).ToArray() }, transaction,
            cancellationToken: cancellationToken))).ToLookup(message => message.CaseId);
        return [.. rows.Select(row => new StoredCase(Of(row, messages[row.Id]), row.GrantId))];
    }

    /// <summary>The case if the caller sees it; null where it does not.</summary>
    public static async Task<StoredCase?> FindAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, string id, OrderAccess.Sight sight, bool forUpdate, CancellationToken cancellationToken) =>
        await ListAsync(connection, transaction, $"o.id = @id and {OrderAccess.Visible}", new { id = GrantRow.Storable(id), sight.Grant, sight.OfPerson, sight.All, sight.IsTest }, 1, cancellationToken, forUpdate)
            is [var found] ? found : null;

    /// <summary>Writes where the case stands now.</summary>
    public static Task UpdateAsync(NpgsqlTransaction transaction, Case now, CancellationToken cancellationToken) => transaction.Connection!.ExecuteAsync(new CommandDefinition("""
        update checkout.cases set state = @state, summary = @summary::jsonb, resolution = @resolution::jsonb, updated_at = @UpdatedAt, escalated_at = @EscalatedAt,
            closed_at = case when @state = 'closed' then @UpdatedAt end
        where id = @Id
        """,
        new
        {
            now.Id,
            state = Wire.Of(now.State),
            summary = now.EscalatedAt is null || now.Summary is null ? null : JsonSerializer.Serialize(now.Summary, Json.Options),
            resolution = now.Resolution is null ? null : JsonSerializer.Serialize(now.Resolution, Json.Options),
            now.UpdatedAt,
            now.EscalatedAt,
        }, transaction, cancellationToken: cancellationToken));

    /// <summary>Writes what was said.</summary>
    public static Task AddMessageAsync(NpgsqlTransaction transaction, string caseId, CaseMessage message, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "insert into checkout.case_messages (id, case_id, author, role, text, at) values (@Id, @caseId, @Author, @Role, @Text, @At)",
            new { message.Id, caseId, message.Author, message.Role, message.Text, message.At }, transaction, cancellationToken: cancellationToken));

    private static Case Of(Row row, IEnumerable<MessageRow> messages)
    {
        var kind = Wire.To<CaseKind>(row.Kind);
        return new Case(
            row.Id, row.OrderId, row.ClientId, row.Person, kind, row.Matched is null ? "The caller named it." : CaseKinds.Explain(new Classified(kind, JsonSerializer.Deserialize<string[]>(row.Matched)!)), row.Subject, row.Text,
            Wire.To<CaseState>(row.State), JsonSerializer.Deserialize<IReadOnlyList<Proposal>>(row.Proposals, StoredJson.Options)!,
            row.Summary is null ? null : JsonSerializer.Deserialize<CaseSummary>(row.Summary, StoredJson.Options),
            [.. messages.Select(one => new CaseMessage(one.Id, one.Role, one.Author, one.Text, StoredOrder.Time(one.At)))],
            row.Resolution is null ? null : JsonSerializer.Deserialize<CaseResolution>(row.Resolution, StoredJson.Options), StoredOrder.Time(row.CreatedAt), StoredOrder.Time(row.UpdatedAt),
            StoredOrder.Time(row.EscalatedAt));
    }
}
