using CustobotGateway.Checkout.Payments.Sandbox;
using CustobotGateway.Checkout.Payments.Stripe;
using CustobotGateway.Identity;
using FluentValidation;
using Microsoft.AspNetCore.DataProtection;
using Npgsql;

namespace CustobotGateway.Checkout.Payments;

/// <summary>How orders are paid.</summary>
internal static class PaymentsModule
{
    /// <summary>Registers the providers.</summary>
    public static IServiceCollection AddPayments(this IServiceCollection services) => services
        .AddSingleton(provider => provider.GetRequiredService<PaymentOptions>().Sandbox.Check())
        .AddSingleton(provider => provider.GetRequiredService<PaymentOptions>().Stripe.Check())
        .AddSingleton(provider => provider.GetRequiredService<PaymentOptions>().Invoice.Check())
        .AddSingleton(provider => new StripeKeys(provider.GetRequiredService<IConfiguration>(), provider.GetRequiredService<NpgsqlDataSource>(), provider.GetRequiredService<IDataProtectionProvider>()))
        .AddSingleton<IHeldInMemory>(provider => provider.GetRequiredService<StripeKeys>())
        .AddSingleton<SandboxTables>().AddSingleton<SandboxProvider>().AddSingleton<RemoteSandboxProvider>()
        .AddSingleton<StripeClient>().AddSingleton<StripeProvider>().AddSingleton<InvoiceProvider>()
        .AddSingleton<PaymentTokens>()
        .AddProvider(provider => provider.GetRequiredService<SandboxOptions>().Url.Length > 0 ? provider.GetRequiredService<RemoteSandboxProvider>() : provider.GetRequiredService<SandboxProvider>())
        .AddProvider(provider => provider.GetRequiredService<StripeProvider>())
        .AddProvider(provider => provider.GetRequiredService<InvoiceProvider>())
        .AddSingleton<PaymentProviders>()
        .AddHostedService<ForgetPaymentTokens>()
        .AddSingleton<IValidator<CreateSandboxToken.Request>, CreateSandboxToken.Validator>()
        .AddSingleton<IValidator<CreatePaymentToken.Request>, CreatePaymentToken.Validator>()
        .AddSingleton<IValidator<SetStripeKeys.Request>, SetStripeKeys.Validator>()
        .AddSingleton<IValidator<SetCreditAccount.Request>, SetCreditAccount.Validator>();

    /// <summary>Maps the routes.</summary>
    public static void MapPayments(this IEndpointRouteBuilder routes)
    {
        ListPaymentHandlers.Map(routes);
        CreateSandboxToken.Map(routes);
        SandboxPages.Map(routes);
        ReceiveStripeEvent.Map(routes);
        SetStripeKeys.Map(routes);
        var tokens = routes.MapGroup("/v1/payment_tokens").WithTags("Payments");
        CreatePaymentToken.Map(tokens);
        ListPaymentTokens.Map(tokens);
        RevokePaymentToken.Map(tokens);
        var accounts = routes.MapGroup("/v1/credit_accounts").WithTags("Payments");
        SetCreditAccount.Map(accounts);
        GetCreditAccount.Map(accounts);
        var invoices = routes.MapGroup("/v1/invoices").WithTags("Payments");
        ListInvoices.Map(invoices);
        SettleInvoice.Map(invoices);
    }

    private static IServiceCollection AddProvider(this IServiceCollection services, Func<IServiceProvider, IPaymentProvider> provider) =>
        services.AddSingleton<IPaymentProvider>(all => new DelegatedPayments(provider(all), all.GetRequiredService<PaymentTokens>()));
}
