using System.Net;
using CustobotGateway.Identity.AuthorizationServer;
using CustobotGateway.OAuth.Grants;
using CustobotGateway.OAuth.Messages;
using CustobotGateway.OAuth.Tokens;
using Microsoft.Extensions.DependencyInjection;
using static CustobotGateway.Tests.Identity.People.AuthorizeFixture;

namespace CustobotGateway.Tests.Identity.People;

/// <summary>The page on which a person connects a device: it shows before it decides, and codes cannot be guessed.</summary>
public sealed class DevicePageTests(AuthorizeFixture gateway) : IClassFixture<AuthorizeFixture>, IAsyncLifetime
{
    public Task InitializeAsync() => gateway.PrepareAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task The_code_is_shown_with_the_client_and_the_mandate_and_then_decided()
    {
        var code = await DeviceAsync(Mandate);
        using var browser = gateway.NewBrowser();

        var login = await browser.FollowAsync(await browser.GetAsync("/device"));
        var entry = await browser.FollowAsync(await browser.SubmitAsync(login, ("email", Email), ("password", PeopleFixture.Password)));
        var page = await browser.SubmitAsync(entry, ("user_code", code.ToLowerInvariant().Replace("-", " ", StringComparison.Ordinal)));
        var done = await browser.SubmitAsync(page, ("decision", "allow"), ("mandate_0_limits_per_order", "20"));

        Assert.Contains(code, page.Text, StringComparison.Ordinal);
        Assert.Contains("Allow tv", page.Text, StringComparison.Ordinal);
        Assert.Contains("value=\"150.00\"", page.Html, StringComparison.Ordinal);
        Assert.Contains("connected", done.Text, StringComparison.Ordinal);
        Assert.Equal("approved", await StateAsync(code));
        Assert.Equal(2_000, (await gateway.NewestGrantAsync("tv")).Details!.Value[0].GetProperty("limits").GetProperty("per_order").GetInt64());
    }

    [Fact]
    public async Task A_link_with_the_code_survives_the_login_and_decides_nothing()
    {
        var code = await DeviceAsync();
        using var browser = gateway.NewBrowser();

        var login = await browser.FollowAsync(await browser.GetAsync("/device?user_code=" + code));
        var page = await browser.FollowAsync(await browser.SubmitAsync(login, ("email", Email), ("password", PeopleFixture.Password)));

        Assert.Contains("name=\"decision\"", page.Html, StringComparison.Ordinal);
        Assert.Contains(code, page.Text, StringComparison.Ordinal);
        Assert.Equal("pending", await StateAsync(code));
    }

    [Fact]
    public async Task Refusing_is_told_to_the_device()
    {
        var code = await DeviceAsync(Mandate);
        using var browser = await gateway.AliceAsync();

        var done = await browser.SubmitAsync(await browser.GetAsync("/device?user_code=" + code), ("decision", "deny"));

        Assert.Contains("You refused", done.Text, StringComparison.Ordinal);
        Assert.Equal("denied", await StateAsync(code));
    }

    [Fact]
    public async Task A_raised_number_is_refused()
    {
        var code = await DeviceAsync(Mandate);
        using var browser = await gateway.AliceAsync();

        var answer = await browser.SubmitAsync(await browser.GetAsync("/device?user_code=" + code), ("decision", "allow"), ("mandate_0_limits_total", "1000.01"));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
        Assert.Equal("pending", await StateAsync(code));
    }

    [Fact]
    public async Task A_code_is_decided_once_however_many_decide_at_once()
    {
        var code = await DeviceAsync();
        using var browser = await gateway.AliceAsync();
        var page = await browser.GetAsync("/device?user_code=" + code);
        var grants = await gateway.GrantCountAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => browser.SubmitAsync(page, ("decision", "allow"))));

        Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK);
        Assert.Equal(grants + 1, await gateway.GrantCountAsync());
    }

    [Fact]
    public async Task A_form_of_another_site_decides_nothing()
    {
        var code = await DeviceAsync();
        using var browser = await gateway.AliceAsync();

        var answer = await browser.SubmitAsync(await browser.GetAsync("/device?user_code=" + code), ("decision", "allow"), ("__RequestVerificationToken", ""));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal("pending", await StateAsync(code));
    }

    [Theory]
    [InlineData("short", HttpStatusCode.UnprocessableEntity)]
    [InlineData("<script>alert(1)</script>", HttpStatusCode.UnprocessableEntity)]
    [InlineData("BCDF-GHJK", HttpStatusCode.NotFound)]
    public async Task What_is_no_code_that_waits_is_told_so(string typed, HttpStatusCode status)
    {
        using var browser = await gateway.SignedInAsync(await gateway.PersonAsync());

        var page = await browser.SubmitAsync(await browser.GetAsync("/device"), ("user_code", typed));

        Assert.Equal(status, page.Status);
        Assert.DoesNotContain("<script", page.Html, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_code_past_its_time_is_unknown()
    {
        var code = await DeviceAsync();
        using var browser = await gateway.AliceAsync();

        gateway.Clock.Advance(TimeSpan.FromMinutes(11));

        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync("/device?user_code=" + code)).Status);
    }

    [Fact]
    public async Task Guessing_codes_ends_after_some_tries_and_a_new_session_does_not_help()
    {
        var person = await gateway.PersonAsync();
        using var browser = await gateway.SignedInAsync(person);
        var entry = await browser.GetAsync("/device");
        var answers = new List<HttpStatusCode>();
        for (var i = 0; i <= gateway.Options.TriesPerUserCode; i++)
        {
            answers.Add((await browser.SubmitAsync(entry, ("user_code", SecretToken.CreateUserCode()))).Status);
        }
        using var again = await gateway.SignedInAsync(person);

        var later = await again.GetAsync("/device?user_code=" + await DeviceAsync());

        Assert.All(answers[..^1], status => Assert.Equal(HttpStatusCode.NotFound, status));
        Assert.Equal(HttpStatusCode.TooManyRequests, answers[^1]);
        Assert.Equal(HttpStatusCode.TooManyRequests, later.Status);
        Assert.NotNull(later.Answer.Headers.RetryAfter);
    }

    private async Task<string> DeviceAsync(string? details = null)
    {
        var policy = gateway.App.Services.GetRequiredService<ServerPolicySource>().Current;
        var client = (await gateway.App.Services.GetRequiredService<CustobotGateway.Identity.Clients.ClientStore>().FindAsync("tv", CancellationToken.None))!;
        Assert.True(RequestParameters.Read(new Dictionary<string, string> { ["scope"] = "catalog:read checkout", ["authorization_details"] = details ?? "" }).TryGet(out var form, out _));
        Assert.True(DeviceAuthorizationRequest.Read(form, client, policy, gateway.Clock.GetUtcNow()).TryGet(out var asked, out _));
        var device = new DeviceGrant
        {
            Hash = SecretHash.Of(SecretToken.Create()),
            UserCode = SecretToken.CreateUserCode(),
            ClientId = "tv",
            ExpiresAt = gateway.Clock.GetUtcNow() + DeviceGrant.Lifetime,
        };
        await using var connection = await gateway.OpenDatabaseAsync();
        Assert.True(await new DeviceRequests(connection, null, policy).TryAddAsync(new PendingDevice(device, asked), CancellationToken.None));
        return device.UserCode;
    }

    private async Task<string?> StateAsync(string code)
    {
        await using var connection = await gateway.OpenDatabaseAsync();
        await using var command = new Npgsql.NpgsqlCommand("select state from identity.device_requests where user_code = $1", connection) { Parameters = { new() { Value = code } } };
        return (string?)await command.ExecuteScalarAsync();
    }
}
