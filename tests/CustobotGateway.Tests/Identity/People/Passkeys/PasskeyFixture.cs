using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using CustobotGateway.Common;
using CustobotGateway.Identity.People;

namespace CustobotGateway.Tests.Identity.People.Passkeys;

/// <summary>A gateway that is published by a name, which passkeys need.</summary>
public sealed class PasskeyFixture : AuthorizeFixture
{
    private readonly int _port = FreePort();

    /// <summary>Where the gateway is published.</summary>
    public string Origin => "http://localhost:" + _port.ToString(CultureInfo.InvariantCulture);

    protected override GatewaySettings Configure(GatewaySettings settings) =>
        settings with { Urls = ["http://127.0.0.1:" + _port.ToString(CultureInfo.InvariantCulture)], PublicUrl = Origin };

    /// <summary>What the page's script fetches.</summary>
    public static async Task<(HttpStatusCode Status, JsonElement Said)> AskAsync(PersonBrowser browser, string page, string path, params (string Name, string Value)[] fields)
    {
        var form = (await browser.GetAsync(page)).Form("credential");
        var names = fields.Select(field => field.Name).ToHashSet();
        using var answer = await browser.Http.PostAsync(path, new FormUrlEncodedContent(
            form.Fields.Where(field => !names.Contains(field.Key)).Concat(fields.Select(field => new KeyValuePair<string, string>(field.Name, field.Value)))));
        return (answer.StatusCode, await ReadJsonAsync(answer));
    }

    /// <summary>What a person who signs in is asked.</summary>
    public static async Task<Question> AskToSignInAsync(PersonBrowser browser, string page = "/login")
    {
        var (status, said) = await AskAsync(browser, page, "/login/passkey/options");
        Assert.Equal(HttpStatusCode.OK, status);
        return new(said.GetProperty("options"), said.GetProperty("state").GetString()!);
    }

    /// <summary>What a person who adds a passkey is asked.</summary>
    public static async Task<Question> AskToAddAsync(PersonBrowser browser)
    {
        var (status, said) = await AskAsync(browser, "/account", "/account/passkeys/options");
        Assert.Equal(HttpStatusCode.OK, status);
        return new(said.GetProperty("options"), said.GetProperty("state").GetString()!);
    }

    /// <summary>Sends an answer by the page's form.</summary>
    public static async Task<PersonBrowser.Page> AnswerAsync(PersonBrowser browser, string page, string credential, string state, string? name = null) =>
        await browser.SubmitAsync(await browser.GetAsync(page), [("credential", credential), ("state", state), .. name is null ? [] : new[] { ("name", name) }]);

    /// <summary>Signs in on the login page with the passkey.</summary>
    public async Task<PersonBrowser.Page> SignInAsync(PersonBrowser browser, SoftAuthenticator passkey, string page = "/login")
    {
        var asked = await AskToSignInAsync(browser, page);
        return await AnswerAsync(browser, page, passkey.Get(asked.Options, Origin), asked.State);
    }

    /// <summary>A person with a passkey, and a browser in which the person signed in by password just now.</summary>
    public async Task<(Person Person, PersonBrowser Browser, SoftAuthenticator Passkey)> PersonWithPasskeyAsync(string name = "My key")
    {
        var person = await PersonAsync();
        var browser = await SignedInAsync(person);
        var passkey = new SoftAuthenticator();
        var asked = await AskToAddAsync(browser);
        var added = await AnswerAsync(browser, "/account", passkey.Create(asked.Options, Origin), asked.State, name);
        Assert.True(added.Status == HttpStatusCode.SeeOther, added.Text);
        return (person, browser, passkey);
    }

    public async Task<T> ReadAsync<T>(string sql, string value)
    {
        await using var connection = await OpenDatabaseAsync();
        await using var command = new Npgsql.NpgsqlCommand(sql, connection) { Parameters = { new() { Value = value } } };
        return (T)(await command.ExecuteScalarAsync())!;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>What the browser is to ask, and the page's state.</summary>
    public sealed record Question(JsonElement Options, string State);
}
