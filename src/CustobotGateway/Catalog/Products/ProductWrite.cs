using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using CustobotGateway.Catalog.Values;
using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using Dapper;
using Npgsql;

namespace CustobotGateway.Catalog.Products;

/// <summary>The content of a product as it will be stored.</summary>
internal sealed record ProductWrite(string Attributes, string? Given, string Provenance, byte[] ContentHash)
{

    // One statement finds, decides and writes. The insert draws a number only where it inserts; "on conflict do update" would draw one each time.
    private const string Sql = """
        with updated as (
            update catalog.products as p
            set attributes = @Attributes::jsonb, given = @Given::jsonb, provenance = @Provenance::jsonb, content_hash = @ContentHash,
                version = version + 1, updated_at = @Now, withdrawn_at = null, change_xid = pg_current_xact_id()
            where {0} and (content_hash <> @ContentHash or withdrawn_at is not null)
              and (@Versions::bigint[] is null or (version = any(@Versions) and withdrawn_at is null)) and (withdrawn_at is not null or not @MustNotExist)
              and (withdrawn_at is null or not @MustExist)
            returning number, external_id, version, updated_at, false as created
        ), inserted as (
            insert into catalog.products (external_id, attributes, given, provenance, content_hash, updated_at)
            select @ExternalId, @Attributes::jsonb, @Given::jsonb, @Provenance::jsonb, @ContentHash, @Now
            where @ExternalId::text is not null and not @MustExist and not exists (select from catalog.products where {0})
            on conflict do nothing
            returning number, external_id, version, updated_at, true as created
        ), written as (select * from updated union all select * from inserted)
        select number, external_id as "ExternalId", version, updated_at as "UpdatedAt", created, pg_notify('catalog_changes', '') is null as "Silent" from written
        """;

    private static readonly string ByNumber = Sql.Replace("{0}", "number = @Number", StringComparison.Ordinal);
    private static readonly string ByExternalId = Sql.Replace("{0}", "external_id = @ExternalId", StringComparison.Ordinal);

    /// <summary>What was written.</summary>
    public sealed record Written(long Number, string ExternalId, long Version, DateTime UpdatedAt, bool Created, bool Silent);

    /// <summary>Reads attributes of a request into the content; a null removes the attribute.</summary>
    public static List<FieldError> Read(ProductContent content, IEnumerable<KeyValuePair<string, JsonElement>> attributes)
    {
        var errors = new List<FieldError>();
        foreach (var (key, value) in attributes)
        {
            var pointer = "/attributes/" + key.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
            if (content.Formats.Registry.Find(key) is not { } attribute)
            {
                errors.Add(new FieldError(pointer, "unknown_attribute", Unknown(content.Formats.Registry, key)));
                continue;
            }
            var json = new Utf8JsonReader(JsonMarshal.GetRawUtf8Value(value));
            json.Read();
            var fault = content.Add(content.Formats[attribute.Ordinal], ref json);
            if (fault is not (ValueFault.None or ValueFault.Missing))
            {
                errors.Add(new FieldError(pointer, fault.Code(), fault.Describe(attribute.Definition)));
            }
        }
        return errors;
    }

    /// <summary>What to say of a key that the registry lacks.</summary>
    public static string Unknown(AttributeRegistry registry, string key) =>
        $"There is no attribute '{key}'; the nearest are {string.Join(", ", registry.Nearest(key))}.";

    /// <summary>Closes the content.</summary>
    public static ProductWrite Complete(ProductContent content, IReadOnlyDictionary<string, Provenance> provenance)
    {
        var (attributes, given) = (new Utf8Buffer(4096), new Utf8Buffer());
        content.WriteAttributes(attributes);
        content.WriteGiven(given);
        var hash = new byte[ProductContent.HashBytes];
        content.Hash(attributes.Written, given.Written, DigestOf(provenance), hash);
        return new ProductWrite(Encoding.UTF8.GetString(attributes.Written), given.Length == 0 ? null : Encoding.UTF8.GetString(given.Written),
            JsonSerializer.Serialize(provenance, Json.Options), hash);
    }

    /// <summary>What tells the provenance of two contents apart: keys, sources and confidences, in order, without times.</summary>
    public static byte[] DigestOf(IReadOnlyDictionary<string, Provenance> provenance) =>
        JsonSerializer.SerializeToUtf8Bytes(provenance.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => new object[] { pair.Key, pair.Value.Source, pair.Value.Confidence }), Json.Options);

    /// <summary>Writes it; null where nothing was written: same content, a precondition that does not hold, or no such product.</summary>
    public Task<Written?> WriteAsync(NpgsqlTransaction transaction, ProductReference reference, ETags tags, DateTimeOffset now, CancellationToken cancellationToken) =>
        transaction.Connection!.QuerySingleOrDefaultAsync<Written?>(new CommandDefinition(reference.ExternalId is null ? ByNumber : ByExternalId,
            new
            {
                Attributes,
                Given,
                Provenance,
                ContentHash,
                Now = now,
                Versions = tags.IfMatch,
                tags.MustExist,
                tags.MustNotExist,
                reference.Number,
                reference.ExternalId,
            }, transaction, cancellationToken: cancellationToken));
}
