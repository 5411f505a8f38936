using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Npgsql;

namespace CustobotGateway.Common.Database;

/// <summary>
/// Brings the database to this program's schema: each module's <c>Migrations/0001_….sql</c> once, in order, forward only,
/// checksummed, under an advisory lock, so that several gateways may start at once.
/// </summary>
public static class Migrations
{
    private const long AdvisoryLock = 0x43555354_4F424F54;

    /// <summary>One numbered script of one module.</summary>
    public sealed record Script(string Module, int Number, string Name, string Sql)
    {
        /// <summary>SHA-256 of the script, lower-case hex.</summary>
        public string Checksum { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql)));
    }

    /// <summary>The scripts of every module, by module in the order of first need (Common, Catalog, then by name), then by number.</summary>
    public static IReadOnlyList<Script> All { get; } = Load(typeof(Migrations).Assembly);

    /// <summary>Applies what is missing. Throws where an applied script was changed afterwards.</summary>
    public static async Task ApplyAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync("select pg_advisory_lock(@AdvisoryLock)", new { AdvisoryLock });
        try
        {
            await connection.ExecuteAsync("""
                create table if not exists public.schema_migrations (
                    module text not null, number int not null, name text not null, checksum text not null,
                    applied_at timestamptz not null default now(), primary key (module, number))
                """);
            var applied = (await connection.QueryAsync<(string Module, int Number, string Checksum)>(
                "select module, number, checksum from public.schema_migrations")).ToDictionary(row => (row.Module, row.Number), row => row.Checksum);
            foreach (var script in All)
            {
                if (applied.TryGetValue((script.Module, script.Number), out var checksum))
                {
                    if (checksum != script.Checksum)
                    {
                        throw new InvalidOperationException($"Migration {script.Module}/{script.Name} was changed after it was applied.");
                    }
                    continue;
                }
                await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
                await connection.ExecuteAsync(script.Sql, transaction: transaction);
                await connection.ExecuteAsync(
                    "insert into public.schema_migrations (module, number, name, checksum) values (@Module, @Number, @Name, @Checksum)", script, transaction);
                await transaction.CommitAsync(cancellationToken);
            }
        }
        finally
        {
            await connection.ExecuteAsync("select pg_advisory_unlock(@AdvisoryLock)", new { AdvisoryLock });
        }
    }

    private static List<Script> Load(Assembly assembly)
    {
        const string folder = ".Migrations.";
        var scripts = new List<Script>();
        foreach (var resource in assembly.GetManifestResourceNames())
        {
            var at = resource.IndexOf(folder, StringComparison.Ordinal);
            if (at < 0)
            {
                continue;
            }
            var name = resource[(at + folder.Length)..];
            var module = resource[(assembly.GetName().Name!.Length + 1)..at];
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            scripts.Add(new Script(module, int.Parse(name.AsSpan(0, 4), CultureInfo.InvariantCulture), name, reader.ReadToEnd()));
        }
        return [.. scripts.OrderBy(script => script.Module is "Common" ? 0 : script.Module is "Catalog" ? 1 : 2)
            .ThenBy(script => script.Module, StringComparer.Ordinal).ThenBy(script => script.Number)];
    }
}
