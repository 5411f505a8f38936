using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using System.Text.Json;
using CustobotGateway.Common;
using CustobotGateway.Common.Database;
using Npgsql;
using NpgsqlTypes;

namespace CustobotGateway.Identity;

/// <summary>One act or refusal.</summary>
/// <param name="Kind">What was asked, such as <c>token.client_credentials</c>, <c>login</c>, <c>authorize</c>.</param>
/// <param name="ClientId">The client that is claimed or known; null without one.</param>
/// <param name="PersonId">The person; null without one.</param>
/// <param name="Code">What it was refused for; null for what succeeded.</param>
/// <param name="Detail">Facts of the kind, never a secret: ids, scopes, the reason in words.</param>
public sealed record AuditEntry(string Kind, string? ClientId, string? PersonId, string? Code, object? Detail = null);

/// <summary>Writes down every act and refusal of identity. No request waits for it.</summary>
public sealed class AuditTrail : RowQueue<AuditTrail.Row>
{
    private static readonly Meter Meter = new("CustobotGateway.Identity");
    private static readonly Counter<long> Dropped = Meter.CreateCounter<long>("gateway.identity.audit.dropped", description: "Entries of the audit trail that did not fit the queue and are lost.");

    private readonly TimeProvider _clock;

    /// <summary>Writes to that database.</summary>
    public AuditTrail(NpgsqlDataSource database, TimeProvider clock, ILogger<AuditTrail> logger)
        : base(database, "identity.audit (at, kind, client_id, person_id, address, code, detail, trace_id)", Dropped, logger) => _clock = clock;

    /// <summary>Notes what a request came to, with its address and trace.</summary>
    public void Add(HttpContext context, AuditEntry entry)
    {
        ArgumentNullException.ThrowIfNull(context);
        Add(entry, context.Connection.RemoteIpAddress);
    }

    /// <summary>Notes what was done, from that address.</summary>
    public void Add(AuditEntry entry, IPAddress? address = null)
    {
        ArgumentNullException.ThrowIfNull(entry);
        Add(new Row(_clock.GetUtcNow(), entry, address, Activity.Current?.TraceId.ToHexString()));
    }

    /// <inheritdoc/>
    protected override async Task WriteAsync(NpgsqlBinaryImporter copy, Row row, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(copy);
        ArgumentNullException.ThrowIfNull(row);
        var (at, entry, address, trace) = row;
        await copy.WriteAsync(at, NpgsqlDbType.TimestampTz, cancellationToken);
        await copy.WriteAsync(entry.Kind, NpgsqlDbType.Text, cancellationToken);
        await WriteTextAsync(copy, entry.ClientId, cancellationToken);
        await WriteTextAsync(copy, entry.PersonId, cancellationToken);
        await (address is null ? copy.WriteNullAsync(cancellationToken) : copy.WriteAsync(address, NpgsqlDbType.Inet, cancellationToken));
        await WriteTextAsync(copy, entry.Code, cancellationToken);
        await (entry.Detail is null ? copy.WriteNullAsync(cancellationToken) : copy.WriteAsync(Storable(JsonSerializer.Serialize(entry.Detail, Json.Options)), NpgsqlDbType.Jsonb, cancellationToken));
        await WriteTextAsync(copy, trace, cancellationToken);
    }

    /// <summary>An entry with what surrounds it.</summary>
    /// <param name="At">When.</param>
    /// <param name="Entry">What.</param>
    /// <param name="Address">From where; null where that is not known.</param>
    /// <param name="TraceId">In which trace; null outside of one.</param>
    public sealed record Row(DateTimeOffset At, AuditEntry Entry, IPAddress? Address, string? TraceId);
}
