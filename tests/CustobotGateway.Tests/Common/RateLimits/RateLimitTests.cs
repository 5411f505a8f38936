using System.Net;
using CustobotGateway.Common.Http;
using CustobotGateway.Common.RateLimits;
using CustobotGateway.Tests.Identity.ResourceServer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace CustobotGateway.Tests.Common.RateLimits;

/// <summary>How often callers may come, on one gateway and on two.</summary>
public sealed class RateLimitTests(RateLimitTests.Gateway gateway) : IClassFixture<RateLimitTests.Gateway>
{
    public sealed class Gateway : TokenFixture
    {
        public ShiftedClock Clock { get; } = new();

        protected override void ConfigureServices(IServiceCollection services) => Limit(services, Clock);

        protected override void MapTestRoutes(IEndpointRouteBuilder routes) => MapTo(routes);

        public static void Limit(IServiceCollection services, TimeProvider clock)
        {
            services.AddSingleton(clock);
            services.AddSingleton(new RateLimitOptions
            {
                Registration = new() { Address = new(10, 60), Shared = true },
                Device = new() { Client = new(2, 60), Class = new(5, 60) },
                Token = new() { Address = new(3, 60), FailuresOnly = true },
            }.Check());
        }

        public static void MapTo(IEndpointRouteBuilder routes)
        {
            routes.MapGet("/test/registered", () => "ok").AllowPublic().LimitRate(RateGroup.Registration);
            routes.MapGet("/v1/test/device", () => "ok").AllowPublicRead().LimitRate(RateGroup.Device);
            routes.MapGet("/test/token", (int status) => Results.StatusCode(status)).AllowPublic().LimitRate(RateGroup.Token);
        }
    }

    [Fact]
    public async Task Limits_by_client_and_by_class_hold_and_tell_what_is_left()
    {
        gateway.Clock.Advance(TimeSpan.FromMinutes(2));
        var first = gateway.Signed(gateway.Token("catalog:read") with { ClientId = "first", ExpiresAt = DateTimeOffset.UtcNow.AddHours(1) });
        var second = gateway.Signed(gateway.Token("catalog:read") with { ClientId = "second", ExpiresAt = DateTimeOffset.UtcNow.AddHours(1) });

        using var one = await gateway.GetAsync("/v1/test/device", first);
        using var two = await gateway.GetAsync("/v1/test/device", first);
        using var three = await gateway.GetAsync("/v1/test/device", first);
        using var other = await gateway.GetAsync("/v1/test/device", second);
        using var anonymous = await gateway.GetAsync("/v1/test/device", null);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.TooManyRequests, HttpStatusCode.OK, HttpStatusCode.OK),
            (one.StatusCode, two.StatusCode, three.StatusCode, other.StatusCode, anonymous.StatusCode));
        Assert.Equal("\"device-client\";q=2;w=60", one.Headers.GetValues("RateLimit-Policy").Single());
        Assert.Matches("^\"device-client\";r=1;t=(59|60)$", one.Headers.GetValues("RateLimit").Single());
        Assert.Matches("^\"device-client\";r=0;t=(59|60)$", three.Headers.GetValues("RateLimit").Single());
        Assert.InRange(three.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        var problem = await ReadJsonAsync(three);
        Assert.Equal("too_many_requests", problem.GetProperty("code").GetString());
        Assert.True(problem.TryGetProperty("remedy", out _));

        gateway.Clock.Advance(TimeSpan.FromSeconds(61));
        using var later = await gateway.GetAsync("/v1/test/device", first);
        Assert.Equal(HttpStatusCode.OK, later.StatusCode);
    }

    [Fact]
    public async Task Limit_that_is_shared_is_one_limit_for_two_gateways()
    {
        await using var second = new SecondGateway(gateway);
        await second.StartAsync(services => Gateway.Limit(services, gateway.Clock), Gateway.MapTo);

        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(i => (i % 2 == 0 ? gateway.Client : second.Client).GetAsync("/test/registered")));

        Assert.Equal(10, answers.Count(answer => answer.StatusCode == HttpStatusCode.OK));
        Assert.Equal(20, answers.Count(answer => answer.StatusCode == HttpStatusCode.TooManyRequests));
    }

    [Fact]
    public async Task Of_a_group_that_counts_failures_only_those_count()
    {
        gateway.Clock.Advance(TimeSpan.FromMinutes(5));
        for (var i = 0; i < 10; i++)
        {
            using var good = await gateway.Client.GetAsync("/test/token?status=200");
            Assert.Equal(HttpStatusCode.OK, good.StatusCode);
        }
        for (var i = 0; i < 3; i++)
        {
            using var bad = await gateway.Client.GetAsync("/test/token?status=401");
            Assert.Equal(HttpStatusCode.Unauthorized, bad.StatusCode);
        }

        using var after = await gateway.Client.GetAsync("/test/token?status=200");

        Assert.Equal(HttpStatusCode.TooManyRequests, after.StatusCode);
    }

    [Fact]
    public async Task Reads_are_not_limited_unless_somebody_says_so()
    {
        using var answer = await gateway.Client.GetAsync("/v1/attributes");

        Assert.False(answer.Headers.Contains("RateLimit"));
    }

    [Theory]
    [InlineData("192.0.2.7", "192.0.2.7")]
    [InlineData("::ffff:192.0.2.7", "192.0.2.7")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")]
    public void Address_is_what_a_subscriber_has_to_itself(string address, string counted) => Assert.Equal(counted, RateWindows.AddressOf(IPAddress.Parse(address)));

    private static Task<System.Text.Json.JsonElement> ReadJsonAsync(HttpResponseMessage answer) => GatewayFixture.ReadJsonAsync(answer);
}
