"""The steps of the refund robot in a bare Selenium script: what a robot costs beside is measured
against it. `python bench/bare_refund.py ADDRESS LOGIN PASSWORD ORDER REFERENCE`."""

import shutil
import sys
from tempfile import TemporaryDirectory

from selenium.webdriver import Chrome
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

FLAGS = (
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--disable-dev-shm-usage", "--disable-extensions", "--window-size=1100,1000"),
)


def main(address: str, login: str, password: str, order: str, reference: str) -> None:
    options = Options()
    options.binary_location = shutil.which("chromium")
    options.page_load_strategy = "eager"
    with TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        for flag in (*FLAGS, f"--user-data-dir={profile}"):
            options.add_argument(flag)
        driver = Chrome(options=options, service=Service(shutil.which("chromedriver")))
        try:
            refund(driver, address, login, password, order, reference)
        finally:
            driver.quit()


def refund(
    driver: Chrome, address: str, login: str, password: str, order: str, reference: str
) -> None:
    driver.get(f"{address}/sign-in")
    fill(driver, "login", login)
    fill(driver, "password", password)
    press(driver, "sign-in")
    assert numbers_under(driver, address, order, reference) == []
    press(driver, "go-refund")
    fill(driver, "reason", "Asked by the customer")
    fill(driver, "reference", reference)
    press(driver, "submit")
    number = driver.find_element(By.ID, "confirmation-number").text
    assert numbers_under(driver, address, order, reference) == [number]
    driver.find_element(By.ID, "total").get_attribute("data-minor")


def numbers_under(driver: Chrome, address: str, order: str, reference: str) -> list[str]:
    """Search for the order, and read what its history holds under our reference."""
    driver.get(f"{address}/")
    fill(driver, "q", order)
    press(driver, "search")
    rows = driver.find_elements(By.CSS_SELECTOR, f"#journal tr[data-reference='{reference}']")
    return [row.find_element(By.CLASS_NAME, "number").text for row in rows]


def fill(driver: Chrome, field: str, text: str) -> None:
    found = driver.find_element(By.ID, field)
    driver.execute_script("arguments[0].value = arguments[1]", found, text)


def press(driver: Chrome, button: str) -> None:
    """Click, and wait for the next page as one has to."""
    driver.execute_script("window.left = true")
    driver.find_element(By.ID, button).click()
    ready = "return !window.left && document.readyState !== 'loading'"
    WebDriverWait(driver, 20, 0.02).until(lambda _: driver.execute_script(ready))


if __name__ == "__main__":
    main(*sys.argv[1:])
