@echo off
rem Pulumi starts this as a provider, on Windows.
node "%~dp0main.ts" %*
