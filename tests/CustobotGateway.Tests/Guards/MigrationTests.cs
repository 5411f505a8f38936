using CustobotGateway.Common.Database;
using CustobotGateway.Tests.Common;
using Dapper;
using Npgsql;

namespace CustobotGateway.Tests.Guards;

/// <summary>The schema is the same however often and from wherever it was reached.</summary>
public sealed class MigrationTests
{
    [Fact]
    public async Task Migrating_twice_or_at_once_gives_the_schema_of_migrating_once()
    {
        await using var once = await TestDatabase.CreateAsync();
        await using var often = await TestDatabase.CreateAsync();
        await using var onceSource = NpgsqlDataSource.Create(once.ConnectionString);
        await using var oftenSource = NpgsqlDataSource.Create(often.ConnectionString);

        await Migrations.ApplyAsync(onceSource, CancellationToken.None);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Migrations.ApplyAsync(oftenSource, CancellationToken.None)));
        await Migrations.ApplyAsync(oftenSource, CancellationToken.None);

        var expected = await SchemaOfAsync(onceSource);
        Assert.NotEmpty(expected);
        Assert.Equal(expected, await SchemaOfAsync(oftenSource));
    }

    [Fact]
    public async Task Script_changed_after_it_was_applied_is_refused()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var source = NpgsqlDataSource.Create(database.ConnectionString);
        await Migrations.ApplyAsync(source, CancellationToken.None);
        await using (var connection = await source.OpenConnectionAsync())
        {
            await connection.ExecuteAsync("update public.schema_migrations set checksum = 'another' where number = 1 and module = 'Catalog'");
        }

        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => Migrations.ApplyAsync(source, CancellationToken.None));

        Assert.Contains("Catalog/0001", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_module_keeps_to_a_schema_of_its_own()
    {
        foreach (var script in Migrations.All)
        {
            var schema = script.Module.ToLowerInvariant();
            var made = System.Text.RegularExpressions.Regex.Matches(script.Sql, @"create (?:unlogged )?table (?:if not exists )?(\w+)\.", System.Text.RegularExpressions.RegexOptions.IgnoreCase);
            Assert.All(made, match => Assert.Equal(schema, match.Groups[1].Value));
        }
    }

    private static async Task<List<string>> SchemaOfAsync(NpgsqlDataSource source)
    {
        await using var connection = await source.OpenConnectionAsync();
        return [.. await connection.QueryAsync<string>("""
            select format('%s.%s.%s %s %s %s', table_schema, table_name, column_name, data_type, is_nullable, column_default)
            from information_schema.columns where table_schema not in ('pg_catalog', 'information_schema')
            union all select indexdef from pg_indexes where schemaname not in ('pg_catalog', 'information_schema')
            union all select conrelid::regclass || ' ' || pg_get_constraintdef(oid) from pg_constraint where connamespace::regnamespace::text not in ('pg_catalog', 'information_schema')
            order by 1
            """)];
    }
}
