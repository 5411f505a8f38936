using System.Text.Json;
using CustobotGateway.BotDetection.Lanes;
using CustobotGateway.BotDetection.Trust;
using CustobotGateway.Common;
using CustobotGateway.Common.Callers;
using CustobotGateway.Common.Http;
using CustobotGateway.Common.RateLimits;
using CustobotGateway.Tests.Common;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace CustobotGateway.Tests.BotDetection.Lanes;

/// <summary>What becomes of a caller by the lane that it is put into.</summary>
public sealed class AdmissionTests(GatewayFixture gateway) : IClassFixture<GatewayFixture>
{
    private static readonly RateGroup[] Groups = Enum.GetValues<RateGroup>();

    private readonly ShiftedClock _clock = new();

    [Theory]
    [InlineData(CallerClass.VerifiedAgent, "express")]
    [InlineData(CallerClass.Human, "open")]
    [InlineData(CallerClass.DeclaredBot, "open")]
    [InlineData(CallerClass.Automation, "standard")]
    public async Task Built_in_policy_holds_up_nobody_who_behaves(CallerClass @class, string lane)
    {
        using var rates = new LaneRates(_clock);
        foreach (var group in Groups)
        {
            for (var i = 0; i < 200; i++)
            {
                var caller = new FakeCaller(@class, 100);
                var (context, passed) = await SendAsync(caller, group, rates);

                Assert.True(passed, $"{@class} was refused {group}");
                Assert.Equal((lane, true, null), (caller.Lane, caller.PricesVisible, caller.Rule));
                Assert.False(context.Response.Headers.ContainsKey("RateLimit"));
            }
        }
    }

    [Theory]
    [InlineData(RateGroup.Negotiations, false)]
    [InlineData(RateGroup.Checkout, false)]
    [InlineData(RateGroup.Reads, true)]
    [InlineData(RateGroup.Token, true)]
    [InlineData(RateGroup.Registration, true)]
    [InlineData(RateGroup.Other, true)]
    public async Task Bad_signature_leads_into_a_lane_that_reads_and_does_not_buy(RateGroup group, bool passes)
    {
        using var rates = new LaneRates(_clock);
        var caller = new FakeCaller(CallerClass.VerifiedAgent, badSignature: true, @operator: "agent-1");

        var (context, passed) = await SendAsync(caller, group, rates);

        Assert.Equal((passes, "restricted"), (passed, caller.Lane));
        if (!passes)
        {
            var problem = await ReadAsync(context);
            Assert.Equal((403, "lane_forbids"), (context.Response.StatusCode, problem.GetProperty("code").GetString()));
            Assert.Contains("Signature-Input", problem.GetProperty("remedy").GetProperty("text").GetString(), StringComparison.Ordinal);
            Assert.Equal("/problems/lane_forbids", problem.GetProperty("remedy").GetProperty("link").GetString());
        }
    }

    [Fact]
    public async Task Lane_lets_as_many_through_as_it_says_then_asks_to_wait_until_the_window_ends()
    {
        using var rates = new LaneRates(_clock);
        for (var i = 0; i < 60; i++)
        {
            var (within, passed) = await SendAsync(new FakeCaller(CallerClass.Automation, badSignature: true), RateGroup.Reads, rates);
            Assert.True(passed);
            Assert.StartsWith($"\"lane-restricted-reads\";r={59 - i};", within.Response.Headers["RateLimit"].ToString(), StringComparison.Ordinal);
        }

        var (over, isOver) = await SendAsync(new FakeCaller(CallerClass.Automation, badSignature: true), RateGroup.Reads, rates);
        var (other, otherPassed) = await SendAsync(new FakeCaller(CallerClass.Automation, badSignature: true, @operator: "another"), RateGroup.Reads, rates);
        _clock.Advance(TimeSpan.FromSeconds(61));
        var (_, later) = await SendAsync(new FakeCaller(CallerClass.Automation, badSignature: true), RateGroup.Reads, rates);

        Assert.Equal((false, 429, true, true), (isOver, over.Response.StatusCode, otherPassed, later));
        var problem = await ReadAsync(over);
        Assert.Equal("lane_rate_exceeded", problem.GetProperty("code").GetString());
        Assert.True(problem.TryGetProperty("remedy", out _));
        Assert.InRange(int.Parse(over.Response.Headers.RetryAfter!, System.Globalization.CultureInfo.InvariantCulture), 1, 60);
        Assert.Equal("\"lane-restricted-reads\";q=60;w=60", other.Response.Headers["RateLimit-Policy"].ToString());
    }

    [Fact]
    public async Task Undeclared_automation_that_is_refused_is_told_where_to_register_and_which_scope_to_ask_for()
    {
        using var rates = new LaneRates(_clock);
        var lanes = new CompiledLanes(new StandingPolicy(1, Closed(CallerClass.Automation), null, null), [], new TrustScores());

        var refused = Context(new FakeCaller(CallerClass.Automation), RateGroup.Negotiations, Scopes.Negotiations);
        var passed = false;
        await new Admission(_ => Pass(out passed), () => lanes, rates).InvokeAsync(refused);

        var remedy = (await ReadAsync(refused)).GetProperty("remedy");
        Assert.False(passed);
        Assert.Equal("/.well-known/oauth-authorization-server", remedy.GetProperty("link").GetString());
        Assert.Contains("'negotiations'", remedy.GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Administrator_and_staff_are_refused_by_no_lane()
    {
        using var rates = new LaneRates(_clock);
        foreach (var agent in new[] { AgentPrincipal.Administrator, AgentPrincipal.Anonymous with { ClientId = "console", Roles = ["viewer"] } })
        {
            var caller = new FakeCaller(CallerClass.VerifiedAgent, badSignature: true);
            var context = Context(caller, RateGroup.Checkout);
            context.Features.Set(agent);
            var passed = false;

            await new Admission(_ => Pass(out passed), () => Lanes.Current, rates).InvokeAsync(context);

            Assert.Equal((true, "restricted", true), (passed, caller.Lane, caller.PricesVisible));
        }
    }

    [Fact]
    public async Task Deciding_the_lane_allocates_nothing()
    {
        using var rates = new LaneRates(_clock);
        var (context, lanes) = (Context(new FakeCaller(CallerClass.Automation), RateGroup.Reads), Lanes.Current);
        var admission = new Admission(_ => Task.CompletedTask, () => lanes, rates);
        await admission.InvokeAsync(context);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            _ = admission.InvokeAsync(context);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private LanesInForce Lanes => gateway.App.Services.GetRequiredService<LanesInForce>();

    internal static LanePolicy Closed(CallerClass @class) => LanePolicy.BuiltIn with { Assign = [new(new() { Class = @class }, "restricted"), new(new(), "open")] };

    private async Task<(HttpContext Context, bool Passed)> SendAsync(CallerDecision caller, RateGroup group, LaneRates rates)
    {
        var (context, passed) = (Context(caller, group), false);
        await new Admission(_ => Pass(out passed), () => Lanes.Current, rates).InvokeAsync(context);
        return (context, passed);
    }

    private static Task Pass(out bool passed)
    {
        passed = true;
        return Task.CompletedTask;
    }

    private DefaultHttpContext Context(CallerDecision caller, RateGroup group, string? scope = null)
    {
        var marked = new Marks();
        marked.LimitRate(group);
        if (scope is not null)
        {
            marked.RequireScope(scope);
        }
        var context = new DefaultHttpContext { RequestServices = gateway.App.Services };
        context.Response.Body = new MemoryStream();
        context.Features.Set(caller);
        context.SetEndpoint(marked.Build());
        return context;
    }

    private static async Task<JsonElement> ReadAsync(HttpContext context)
    {
        context.Response.Body.Position = 0;
        using var document = await JsonDocument.ParseAsync(context.Response.Body);
        return document.RootElement.Clone();
    }

    // An endpoint that is marked as routes are.
    private sealed class Marks : Microsoft.AspNetCore.Builder.IEndpointConventionBuilder
    {
        private readonly List<Action<Microsoft.AspNetCore.Builder.EndpointBuilder>> _conventions = [];

        public void Add(Action<Microsoft.AspNetCore.Builder.EndpointBuilder> convention) => _conventions.Add(convention);

        public Endpoint Build()
        {
            var builder = new Microsoft.AspNetCore.Routing.RouteEndpointBuilder(_ => Task.CompletedTask, Microsoft.AspNetCore.Routing.Patterns.RoutePatternFactory.Parse("/v1/test"), 0);
            _conventions.ForEach(convention => convention(builder));
            return builder.Build();
        }
    }
}
