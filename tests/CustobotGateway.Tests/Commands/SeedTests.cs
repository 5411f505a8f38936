using System.Diagnostics;
using System.Text.Json;
using CustobotGateway.Tests.Common;
using Dapper;

namespace CustobotGateway.Tests.Commands;

/// <summary>The verbs that make accounts and clients, as processes on a database of their own.</summary>
public sealed class SeedTests : IAsyncLifetime
{
    private TestDatabase _database = null!;
    private string _file = "";

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _file = Path.GetTempFileName();
    }

    public async Task DisposeAsync()
    {
        File.Delete(_file);
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task First_administrator_is_made_once_and_its_password_is_told_once()
    {
        var (code, output, _) = await RunAsync("", "admin", "create", "--email", "root@example.com");
        var (again, _, error) = await RunAsync("", "admin", "create", "--email", "ROOT@example.com");
        var (given, quiet, _) = await RunAsync("a password of mine\n", "admin", "create", "--email", "other@example.com", "--password-stdin");

        Assert.Equal(0, code);
        Assert.StartsWith("usr_", output.GetProperty("id").GetString(), StringComparison.Ordinal);
        Assert.Equal("root@example.com", output.GetProperty("email").GetString());
        Assert.Equal(20, output.GetProperty("password").GetString()!.Length);
        Assert.Equal(1, again);
        Assert.Contains("has an account already", error, StringComparison.Ordinal);
        Assert.Equal(0, given);
        Assert.False(quiet.TryGetProperty("password", out _));
    }

    [Fact]
    public async Task An_account_is_changed_from_the_command_line()
    {
        await RunAsync("", "admin", "create", "--email", "staff@example.com", "--roles", "viewer,approver");

        var (reset, changed, _) = await RunAsync("", "admin", "password", "--email", "staff@example.com");
        var (roles, _, _) = await RunAsync("", "admin", "roles", "--email", "staff@example.com", "--roles", "");
        var (disable, _, _) = await RunAsync("", "admin", "disable", "--email", "staff@example.com");
        var (nobody, _, error) = await RunAsync("", "admin", "disable", "--email", "nobody@example.com");

        Assert.Equal((0, 0, 0, 1), (reset, roles, disable, nobody));
        Assert.Equal(20, changed.GetProperty("password").GetString()!.Length);
        Assert.Contains("nobody has an account", error, StringComparison.Ordinal);
        await using var connection = new Npgsql.NpgsqlConnection(_database.ConnectionString);
        var person = Assert.Single(await connection.QueryAsync<(string[] Roles, DateTime? Disabled)>("select roles, disabled_at from identity.people"));
        Assert.Empty(person.Roles);
        Assert.NotNull(person.Disabled);
    }

    [Theory]
    [InlineData("admin")]
    [InlineData("admin create")]
    [InlineData("admin create --email nobody")]
    [InlineData("admin remove --email a@b.c")]
    [InlineData("seed")]
    public async Task Wrong_words_are_told_so(string words)
    {
        var (code, _, error) = await RunAsync("", words.Split(' '));

        Assert.Equal(2, code);
        Assert.StartsWith("gateway: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Seed_prints_the_ids_twice_the_same_and_refuses_faults_and_production()
    {
        await File.WriteAllTextAsync(_file, """{"people":[{"email":"alice@example.com","password":"correct horse battery"}],"clients":[{"client_id":"agent","client_secret":"secret","redirect_uris":["https://a.example/cb"]}],"delegations":[{"person":"alice@example.com","client_id":"agent"}]}""");
        var (code, first, _) = await RunAsync("", "seed", _file);
        var (_, second, _) = await RunAsync("", "seed", _file);
        var (production, _, refusal) = await RunAsync("", "seed", _file, "--production");
        await File.WriteAllTextAsync(_file, """{"people":[{"email":"alice@example.com","password":"correct horse battery","name":"Alice"}]}""");
        var (fault, _, place) = await RunAsync("", "seed", _file);

        Assert.Equal(0, code);
        Assert.StartsWith("usr_", first.GetProperty("people")[0].GetProperty("id").GetString(), StringComparison.Ordinal);
        Assert.StartsWith("grt_", first.GetProperty("delegations")[0].GetProperty("grant_id").GetString(), StringComparison.Ordinal);
        Assert.True(JsonElement.DeepEquals(first, second));
        Assert.Equal(1, production);
        Assert.Contains("production", refusal, StringComparison.Ordinal);
        Assert.Equal(1, fault);
        Assert.Contains("/people/0/name", place, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Client_is_kept_from_the_command_line()
    {
        var (made, client, _) = await RunAsync("", "clients", "create", "--id", "bot", "--name", "A bot", "--scopes", "catalog:read checkout");
        var (rotated, renewed, _) = await RunAsync("", "clients", "rotate-secret", "bot");
        var (disabled, off, _) = await RunAsync("", "clients", "disable", "bot");
        var (shown, one, _) = await RunAsync("", "clients", "show", "bot");
        var (deleted, _, _) = await RunAsync("", "clients", "delete", "bot");
        var (missing, _, error) = await RunAsync("", "clients", "show", "bot");

        Assert.Equal((0, 0, 0, 0, 0, 1), (made, rotated, disabled, shown, deleted, missing));
        Assert.Equal("bot", client.GetProperty("client_id").GetString());
        Assert.NotEqual(client.GetProperty("client_secret").GetString(), renewed.GetProperty("client_secret").GetString());
        Assert.False(off.GetProperty("enabled").GetBoolean());
        Assert.False(one.TryGetProperty("client_secret", out var secret) && secret.ValueKind == JsonValueKind.String);
        Assert.Contains("no client bot", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_are_listed_and_changed_from_the_command_line()
    {
        var (rotated, next, _) = await RunAsync("", "keys", "rotate", "--now");
        var (wrong, _, error) = await RunAsync("", "keys", "forget");

        Assert.Equal((0, 2), (rotated, wrong));
        Assert.Equal("current", next.GetProperty("state").GetString());
        Assert.Contains("list or rotate", error, StringComparison.Ordinal);
    }

    private async Task<(int Code, JsonElement Output, string Error)> RunAsync(string input, params string[] words)
    {
        string[] all = [typeof(GatewayApplication).Assembly.Location, .. words, .. words.Length > 1 ? (string[])["--connection", _database.ConnectionString] : []];
        using var process = Process.Start(new ProcessStartInfo("dotnet", all) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        var text = await output;
        return (process.ExitCode, text.StartsWith('{') ? JsonElement.Parse(text) : default, await error);
    }
}
