using System.Net.Http.Json;
using System.Text.Json;
using CustobotGateway.Tests.Common;
using CustobotGateway.Webhooks;
using CustobotGateway.Webhooks.Sending;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace CustobotGateway.Tests.Webhooks;

/// <summary>What is sent, how often, in which order, and what the log says of it.</summary>
public sealed class WebhookDeliveryTests(WebhookFixture shop) : IClassFixture<WebhookFixture>
{
    private static JsonElement LastAttempt(JsonElement delivery) => delivery.GetProperty("attempts").EnumerateArray().Last();

    [Fact]
    public async Task Message_is_signed_by_both_secrets_during_a_rotation_and_by_the_new_one_after_it()
    {
        await using var sink = await Sink.StartAsync();
        var created = await shop.CreateAsync(sink.Url);
        var (id, first) = (created.GetProperty("id").GetString()!, created.GetProperty("secret").GetString()!);
        await shop.HappenAsync("ord_signed_1", 1);
        var before = (await sink.WaitForTakenAsync(1))[0];

        using var rotated = await shop.Admin.PostAsJsonAsync($"/v1/webhook_endpoints/{id}/secret:rotate", new { overlap_seconds = 600 });
        var second = (await GatewayFixture.ReadJsonAsync(rotated)).GetProperty("secret").GetString()!;
        await shop.HappenAsync("ord_signed_2", 1);
        var during = (await sink.WaitForTakenAsync(1, one => one.Subject == "ord_signed_2"))[0];
        using var again = await shop.Admin.PostAsJsonAsync($"/v1/webhook_endpoints/{id}/secret:rotate", new { overlap_seconds = 600 });
        var third = (await GatewayFixture.ReadJsonAsync(again)).GetProperty("secret").GetString()!;
        await shop.HappenAsync("ord_signed_3", 1);
        var twice = (await sink.WaitForTakenAsync(1, one => one.Subject == "ord_signed_3"))[0];
        shop.Clock.Advance(TimeSpan.FromSeconds(601));
        await shop.HappenAsync("ord_signed_4", 1);
        var after = (await sink.WaitForTakenAsync(1, one => one.Subject == "ord_signed_4"))[0];

        Assert.Equal(before.SignatureBy(first), before.Signature);
        Assert.Equal($"{during.SignatureBy(second)} {during.SignatureBy(first)}", during.Signature);
        Assert.Equal($"{twice.SignatureBy(third)} {twice.SignatureBy(second)}", twice.Signature);
        Assert.Equal(after.SignatureBy(third), after.Signature);
        Assert.All(shop.Logged, line => Assert.DoesNotContain(new[] { first, second, third }, secret => line.Contains(secret, StringComparison.Ordinal) || line.Contains(secret["whsec_".Length..], StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Failing_order_is_tried_by_the_schedule_and_holds_up_its_own_events_alone()
    {
        await using var sink = await Sink.StartAsync();
        sink.Answer = (context, received) =>
        {
            context.Response.StatusCode = received.Subject == "ord_stuck" ? 500 : 200;
            return Task.CompletedTask;
        };
        var id = (await shop.CreateAsync(sink.Url)).GetProperty("id").GetString()!;
        await shop.HappenAsync("ord_stuck", 2);
        await shop.WaitForLogAsync(id, log => log.Any(one => one.GetProperty("attempts").GetArrayLength() == 1));
        await shop.HappenAsync("ord_free", 2);
        await sink.WaitForTakenAsync(2, one => one.Subject == "ord_free");

        // 5 s, 5 min, 30 min and 2 h later, each up to a tenth longer: an hour and more of 500.
        foreach (var (wait, attempts) in new[] { (TimeSpan.FromSeconds(5.5), 2), (TimeSpan.FromMinutes(5.5), 3), (TimeSpan.FromMinutes(33), 4), (TimeSpan.FromMinutes(132), 5) })
        {
            shop.Clock.Advance(wait);
            await shop.WaitForLogAsync(id, log => log.Any(one => one.GetProperty("attempts").GetArrayLength() == attempts));
        }
        Assert.All(sink.Arrived.Where(one => one.Subject == "ord_stuck"), one => Assert.Equal(1, one.Sequence));
        sink.Answer = null;
        shop.Clock.Advance(TimeSpan.FromHours(5.5));
        await sink.WaitForTakenAsync(2, one => one.Subject == "ord_stuck");

        Assert.Equal([1, 2], sink.Taken.Where(one => one.Subject == "ord_stuck").Select(one => one.Sequence));
        var tries = sink.Arrived.Where(one => one is { Subject: "ord_stuck", Sequence: 1 }).ToList();
        Assert.Equal(6, tries.Count);
        Assert.Single(tries.Select(one => one.Id).Distinct());
        Assert.Equal(6, tries.Select(one => one.Timestamp).Distinct().Count());
        var log = await shop.WaitForLogAsync(id, log => log.All(one => one.GetProperty("state").GetString() == "delivered"));
        Assert.Equal([500, 500, 500, 500, 500, 204], log.Single(one => one.GetProperty("attempts").GetArrayLength() == 6).GetProperty("attempts").EnumerateArray().Select(one => one.GetProperty("status").GetInt32()));
    }

    [Fact]
    public async Task After_ten_failures_a_message_is_dead_the_next_goes_on_and_both_can_be_sent_again()
    {
        await using var sink = await Sink.StartAsync();
        sink.Answer = (context, received) =>
        {
            context.Response.StatusCode = received is { Subject: "ord_dead", Sequence: 1 } ? 503 : 200;
            return Task.CompletedTask;
        };
        var began = shop.Clock.GetUtcNow().AddMinutes(-1);
        var id = (await shop.CreateAsync(sink.Url)).GetProperty("id").GetString()!;
        await shop.HappenAsync("ord_dead", 2);
        for (var attempt = 1; attempt <= 10; attempt++)
        {
            await shop.WaitForLogAsync(id, log => log.Any(one => one.GetProperty("attempts").GetArrayLength() == attempt));
            if (attempt < 10)
            {
                shop.Clock.Advance(DeliverySchedule.Delays[attempt - 1] * (1 + DeliverySchedule.Jitter));
            }
        }
        await sink.WaitForTakenAsync(1, one => one.Sequence == 2);
        var dead = Assert.Single(await shop.LogAsync(id, "&state=dead_letter"));
        var message = dead.GetProperty("id").GetString()!;
        using var read = await shop.Admin.GetAsync($"/v1/webhook_endpoints/{id}/deliveries/{message}");
        Assert.Equal("ord_dead", (await GatewayFixture.ReadJsonAsync(read)).GetProperty("payload").GetProperty("subject").GetString());

        sink.Answer = null;
        using var redelivered = await shop.Admin.PostAsJsonAsync($"/v1/webhook_endpoints/{id}/deliveries:redeliver", new { since = began });
        await sink.WaitForTakenAsync(1, one => one.Id == message);
        await shop.WaitForLogAsync(id, log => log.All(one => one.GetProperty("state").GetString() == "delivered"));
        using var once = await shop.Admin.PostAsync($"/v1/webhook_endpoints/{id}/deliveries/{message}:redeliver", null);
        await sink.WaitForTakenAsync(2, one => one.Id == message);

        var count = await GatewayFixture.ReadJsonAsync(redelivered);
        Assert.Equal((1, false), (count.GetProperty("redelivered").GetInt32(), count.GetProperty("more").GetBoolean()));
        Assert.Equal("pending", (await GatewayFixture.ReadJsonAsync(once)).GetProperty("state").GetString());
        var log = await shop.WaitForLogAsync(id, log => log.All(one => one.GetProperty("state").GetString() == "delivered"));
        Assert.Equal(12, log.Single(one => one.GetProperty("id").GetString() == message).GetProperty("attempts").GetArrayLength());
    }

    public static TheoryData<string, int?, string?> Misbehaviours => new()
    {
        { "hangs", null, "timeout" },
        { "redirects", 302, "status" },
        { "drops", null, "broken_off" },
        { "fails", 500, "status" },
        { "sends too much", 200, null },
        { "answers and hangs", 200, null },
        { "sends no text", 200, null },
    };

    [Theory]
    [MemberData(nameof(Misbehaviours))]
    public async Task Whatever_an_endpoint_does_is_in_its_log(string what, int? status, string? error)
    {
        await using var sink = await Sink.StartAsync();
        await using var elsewhere = await Sink.StartAsync();
        sink.Answer = (context, _) => MisbehaveAsync(what, context, elsewhere.Url);
        var id = (await shop.CreateAsync(sink.Url)).GetProperty("id").GetString()!;

        await shop.HappenAsync("ord_" + what.Replace(' ', '_'), 1);
        var log = await shop.WaitForLogAsync(id, log => log.Any(one => one.GetProperty("attempts").GetArrayLength() == 1));

        var attempt = LastAttempt(log[0]);
        Assert.Equal((status, error), (attempt.TryGetProperty("status", out var answered) ? answered.GetInt32() : null, attempt.TryGetProperty("error", out var word) ? word.GetString() : null));
        Assert.Equal(error is null ? "delivered" : "pending", log[0].GetProperty("state").GetString());
        Assert.True(!attempt.TryGetProperty("answer", out var answer) || answer.GetString()!.Length <= 1_024);
        Assert.Empty(elsewhere.Arrived);
    }

    private static async Task MisbehaveAsync(string what, HttpContext context, string elsewhere)
    {
        switch (what)
        {
            case "hangs":
                // Until the gateway hangs up.
                await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
                context.Response.StatusCode = 500;
                break;
            case "redirects":
                context.Response.StatusCode = 302;
                context.Response.Headers.Location = elsewhere;
                break;
            case "drops":
                context.Response.StatusCode = 500;
                context.Abort();
                break;
            case "fails":
                context.Response.StatusCode = 500;
                await context.Response.WriteAsync("Something broke.");
                break;
            case "sends too much":
                context.Response.StatusCode = 200;
                var piece = new byte[1 << 20];
                Array.Fill(piece, (byte)'x');
                for (var sent = 0; sent < 10 && !context.RequestAborted.IsCancellationRequested; sent++)
                {
                    await context.Response.Body.WriteAsync(piece, context.RequestAborted).AsTask().ContinueWith(_ => { }, TaskScheduler.Default);
                }
                break;
            case "answers and hangs":
                context.Response.StatusCode = 200;
                context.Response.ContentLength = 100;
                await context.Response.WriteAsync("half");
                await context.Response.Body.FlushAsync();
                await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
                break;
            default:
                context.Response.StatusCode = 200;
                await context.Response.Body.WriteAsync(new byte[] { 0, 0xff, 0xfe, 0, 0xc3 });
                break;
        }
    }

    [Fact]
    public async Task Endpoint_that_hangs_with_hundreds_of_orders_is_in_nobodys_way()
    {
        await using var hanging = await Sink.StartAsync();
        await using var sink = await Sink.StartAsync();
        hanging.Answer = (context, _) => MisbehaveAsync("hangs", context, "");
        var id = (await shop.CreateAsync(hanging.Url)).GetProperty("id").GetString()!;
        for (var order = 0; order < 300; order++)
        {
            await shop.HappenAsync($"ord_hung_{order}", 1);
        }
        await hanging.WaitForAsync(1);

        await shop.CreateAsync(sink.Url);
        await shop.HappenAsync("ord_quick", 20);
        await sink.WaitForTakenAsync(20);

        Assert.True(await shop.CountAsync("webhooks.deliveries", "endpoint_id = @id and attempts = 0", new { id }) > 100);
        using var deleted = await shop.Admin.DeleteAsync("/v1/webhook_endpoints/" + id);
        Assert.True(deleted.IsSuccessStatusCode);
    }

    [Fact]
    public async Task Gone_endpoint_is_disabled_at_once_and_the_merchant_is_told()
    {
        await using var sink = await Sink.StartAsync();
        await using var merchant = await Sink.StartAsync();
        sink.Answer = (context, _) =>
        {
            context.Response.StatusCode = 410;
            return Task.CompletedTask;
        };
        await shop.CreateAsync(merchant.Url, ["webhook.endpoint_disabled"]);
        var id = (await shop.CreateAsync(sink.Url)).GetProperty("id").GetString()!;

        await shop.HappenAsync("ord_gone", 3);
        var told = (await merchant.WaitForTakenAsync(1, one => one.Subject == id))[0];

        Assert.Equal("gone", JsonElement.Parse(told.Body).GetProperty("data").GetProperty("reason").GetString());
        var endpoint = await shop.EndpointAsync(id);
        Assert.Equal((true, "gone"), (endpoint.GetProperty("disabled").GetBoolean(), endpoint.GetProperty("disabled_reason").GetString()));
        Assert.Single(sink.Arrived);
        Assert.All(await shop.LogAsync(id), one => Assert.Equal("dead_letter", one.GetProperty("state").GetString()));
    }

    [Fact]
    public async Task Endpoint_that_fails_for_days_is_disabled()
    {
        await using var sink = await Sink.StartAsync();
        sink.Answer = (context, _) =>
        {
            context.Response.StatusCode = 500;
            return Task.CompletedTask;
        };
        var id = (await shop.CreateAsync(sink.Url)).GetProperty("id").GetString()!;
        await shop.HappenAsync("ord_failing_1", 1);
        await shop.WaitForLogAsync(id, log => log.Any(one => one.GetProperty("attempts").GetArrayLength() == 1));
        await WaitUntilAsync(async () => (await shop.EndpointAsync(id)).TryGetProperty("failing_since", out _));

        shop.Clock.Advance(TimeSpan.FromDays(5) + TimeSpan.FromMinutes(1));

        await WaitUntilAsync(async () => (await shop.EndpointAsync(id)).GetProperty("disabled").GetBoolean());
        Assert.Equal("failing", (await shop.EndpointAsync(id)).GetProperty("disabled_reason").GetString());
        await shop.HappenAsync("ord_failing_2", 1);
        await shop.WaitUntilFollowedAsync();
        Assert.Single(await shop.LogAsync(id));
    }

    [Fact]
    public async Task Name_that_leads_into_the_network_by_the_time_of_delivery_is_not_connected_to()
    {
        shop.Names["rebound.example"] = "8.8.8.8";
        var id = (await shop.CreateAsync("https://rebound.example/hook")).GetProperty("id").GetString()!;
        shop.Names["rebound.example"] = "10.0.0.7";

        await shop.HappenAsync("ord_rebound", 1);
        var log = await shop.WaitForLogAsync(id, log => log.Any(one => one.GetProperty("attempts").GetArrayLength() == 1));

        Assert.Equal("refused_address", LastAttempt(log[0]).GetProperty("error").GetString());
    }

    [Fact]
    public async Task Retry_after_is_honoured()
    {
        await using var sink = await Sink.StartAsync();
        sink.Answer = (context, _) =>
        {
            context.Response.StatusCode = 429;
            context.Response.Headers.RetryAfter = "7200";
            return Task.CompletedTask;
        };
        var id = (await shop.CreateAsync(sink.Url)).GetProperty("id").GetString()!;
        await shop.HappenAsync("ord_later", 1);

        var log = await shop.WaitForLogAsync(id, log => log.Any(one => one.GetProperty("attempts").GetArrayLength() == 1));

        Assert.True(log[0].GetProperty("next_attempt_at").GetDateTimeOffset() - LastAttempt(log[0]).GetProperty("at").GetDateTimeOffset() >= TimeSpan.FromHours(2));
    }

    [Fact]
    public async Task Test_message_is_sent_whatever_the_endpoint_asked_for()
    {
        await using var sink = await Sink.StartAsync();
        var created = await shop.CreateAsync(sink.Url, ["case.*"]);

        using var answer = await shop.Admin.PostAsync($"/v1/webhook_endpoints/{created.GetProperty("id").GetString()}:test", null);
        var received = (await sink.WaitForTakenAsync(1))[0];

        Assert.Equal(("webhook.test", (await GatewayFixture.ReadJsonAsync(answer)).GetProperty("id").GetString()), (received.Type, received.Id));
        Assert.Equal(received.SignatureBy(created.GetProperty("secret").GetString()!), received.Signature);
    }

    [Fact]
    public async Task Event_that_is_too_long_is_told_without_its_data()
    {
        await using var sink = await Sink.StartAsync();
        await shop.CreateAsync(sink.Url);

        await shop.HappenAsync("ord_long", 1, text: new string('ü', 15_000));
        var received = (await sink.WaitForTakenAsync(1))[0];

        Assert.True(received.Body.Length < 20_000);
        Assert.True(JsonElement.Parse(received.Body).GetProperty("data").GetProperty("too_long").GetBoolean());
        Assert.Equal("ord_long", received.Subject);
    }

    [Fact]
    public async Task Log_is_forgotten_after_its_time()
    {
        await using var sink = await Sink.StartAsync();
        var id = (await shop.CreateAsync(sink.Url)).GetProperty("id").GetString()!;
        await shop.HappenAsync("ord_forgotten", 1);
        await shop.WaitForLogAsync(id, log => log.Any(one => one.GetProperty("state").GetString() == "delivered"));

        shop.Clock.Advance(TimeSpan.FromDays(new WebhookOptions().RetentionDays) + TimeSpan.FromMinutes(2));

        await shop.WaitForLogAsync(id, log => log.Count == 0);
    }

    [Fact]
    public void Attempts_are_spread_over_about_three_days_and_a_servers_wish_counts_for_a_day_at_most()
    {
        var waits = Enumerable.Range(1, 9).Select(attempts => DeliverySchedule.After(attempts, null, 0)!.Value).ToList();

        Assert.Equal(TimeSpan.FromSeconds(5), waits[0]);
        // 5 s + 5 min + 30 min + 2 h + 5 h + 10 h + 14 h + 20 h + 24 h
        Assert.Equal(new TimeSpan(3, 3, 35, 5), waits.Aggregate((sum, wait) => sum + wait));
        Assert.Null(DeliverySchedule.After(10, null, 0));
        Assert.Equal(TimeSpan.FromSeconds(5.5), DeliverySchedule.After(1, null, 1));
        Assert.Equal(TimeSpan.FromHours(1), DeliverySchedule.After(1, TimeSpan.FromHours(1), 1));
        Assert.Equal(TimeSpan.FromHours(24), DeliverySchedule.After(1, TimeSpan.FromDays(400), 1));
        Assert.Equal(TimeSpan.FromSeconds(5), DeliverySchedule.After(1, TimeSpan.FromHours(-1), 0));
    }

    private static async Task WaitUntilAsync(Func<Task<bool>> holds)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!await holds())
        {
            await Task.Delay(10, patience.Token);
        }
    }
}
